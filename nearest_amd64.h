// ---- nearest ----
//
// The scores of n groups of 1 to 6 centers for the rows of a panel, over one run
// of columns: ½‖c‖² − x·c, kept as best, runner-up and index in the state. Of
// several runs the first ones only leave totals, and the last one ranks.
//
//	AX  groups left          BX  state
//	SI  this group           R8  center elements     R10 header of this group
//	DI  panel                R9  panel column        R11 pairs of columns in the run
//	DX  pairs left           R12 totals of this group
//	CX  what to prefetch: a number of lines for each group
//	R13 run: bit 0 adds the totals of the runs before, bit 1 leaves totals
//	Y0…Y11   accumulators: center c has the rows of bytes 0…31 of a panel
//	         column in Y(2c), those of bytes 32…63 in Y(2c+1)
//	Y12,Y13  a panel column, later best and runner-up
//	Y14      a broadcast center element, later the mask of places    Y15 temporary

// What is done for each center c of a group of n, with its accumulators A, B.
#define EACH1(OP, n) OP(0, n, Y0, Y1)
#define EACH2(OP, n) EACH1(OP, n); OP(1, n, Y2, Y3)
#define EACH3(OP, n) EACH2(OP, n); OP(2, n, Y4, Y5)
#define EACH4(OP, n) EACH3(OP, n); OP(3, n, Y6, Y7)
#define EACH5(OP, n) EACH4(OP, n); OP(4, n, Y8, Y9)
#define EACH6(OP, n) EACH5(OP, n); OP(5, n, Y10, Y11)

// ½‖c‖² to begin with (zero in the later runs).
#define START(c, n, A, B) HALFNORM(c, A, B)

// A negated center's element times the panel column: the first and second of a pair.
#define FIRST(c, n, A, B) \
	BCAST (c*ES)(R8), Y14;  \
	MADD(A, B)
#define SECOND(c, n, A, B) \
	BCAST ((n+c)*ES)(R8), Y14; \
	MADD(A, B)

#define ADDTOTAL(c, n, A, B) \
	ADD (64*c)(R12), A, A;    \
	ADD (64*c+32)(R12), B, B
#define KEEPTOTAL(c, n, A, B) \
	VMOVUPS A, (64*c)(R12);   \
	VMOVUPS B, (64*c+32)(R12)

#define RANKLOW(c, n, A, B) RANK(c, A)
#define RANKHIGH(c, n, A, B) RANK(c, B)

// To the code for groups of DX centers; for those of one it goes on.
#define BYSIZE \
	CMPQ DX, $6;            \
	JEQ  group6;            \
	CMPQ DX, $5;            \
	JEQ  group5;            \
	CMPQ DX, $4;            \
	JEQ  group4;            \
	CMPQ DX, $3;            \
	JEQ  group3;            \
	CMPQ DX, $2;            \
	JEQ  group2

// All groups of n centers. The names of the labels come as arguments.
#define GROUPS(n, EACH, group, fetch, start, pair, keep, rank, next) \
group: \
	MOVQ lines+72(FP), DX;    \
	TESTQ DX, DX;             \
	JZ   start;               \
fetch: \
	PREFETCHT1 (CX);          \
	ADDQ $64, CX;             \
	DECQ DX;                  \
	JNZ  fetch;               \
start: \
	MOVQ SI, R10;             \
	LEAQ ((n+1)*ES)(SI), R8;  \
	MOVQ DI, R9;              \
	MOVQ R11, DX;             \
	EACH(START, n);           \
	PCALIGN $32;              \
pair: \ // two columns
	VMOVUPS (R9), Y12;        \
	VMOVUPS 32(R9), Y13;      \
	EACH(FIRST, n);           \
	VMOVUPS 64(R9), Y12;      \
	VMOVUPS 96(R9), Y13;      \
	EACH(SECOND, n);          \
	ADDQ $128, R9;            \
	ADDQ $(2*n*ES), R8;       \
	DECQ DX;                  \
	JNZ  pair;                \
	TESTQ R13, R13;           \
	JZ   rank;                \
	TESTQ $1, R13;            \
	JZ   keep;                \
	EACH(ADDTOTAL, n);        \
	ADDQ $(64*n), R12;        \
	TESTQ $2, R13;            \
	JZ   rank;                \
	SUBQ $(64*n), R12;        \
keep: \
	EACH(KEEPTOTAL, n);       \
	ADDQ $(64*n), R12;        \
	JMP  next;                \
rank: \
	RANKHALF(0, n, EACH, RANKLOW);   \
	RANKHALF(32, n, EACH, RANKHIGH); \
next: \
	MOVQ R8, SI;              \
	DECQ AX;                  \
	JNZ  group;               \
	VZEROUPPER;               \
	RET

#define NEAREST \
	MOVQ state+0(FP), BX;   \
	MOVQ panel+8(FP), DI;   \
	MOVQ groups+16(FP), SI; \
	MOVQ totals+24(FP), R12;\
	MOVQ n+32(FP), AX;      \
	MOVQ size+40(FP), DX;   \
	MOVQ depth+48(FP), R11; \
	MOVQ run+56(FP), R13;   \
	MOVQ ahead+64(FP), CX;  \
	SHRQ $1, R11;           \
	BYSIZE;                 \
	GROUPS(1, EACH1, group1, fetch1, start1, pair1, keep1, rank1, next1); \
	GROUPS(2, EACH2, group2, fetch2, start2, pair2, keep2, rank2, next2); \
	GROUPS(3, EACH3, group3, fetch3, start3, pair3, keep3, rank3, next3); \
	GROUPS(4, EACH4, group4, fetch4, start4, pair4, keep4, rank4, next4); \
	GROUPS(5, EACH5, group5, fetch5, start5, pair5, keep5, rank5, next5); \
	GROUPS(6, EACH6, group6, fetch6, start6, pair6, keep6, rank6, next6)

