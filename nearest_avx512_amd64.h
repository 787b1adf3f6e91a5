// ---- nearest ----
//
// The scores of n groups of 1 to 12 centers for the rows of a panel, over one run
// of columns: ½‖c‖² − x·c, kept as best, runner-up and index in the state. Of
// several runs the first ones only leave totals, and the last one ranks.
//
//	AX  groups left          BX  state
//	SI  this group           R8  center elements     R10 header of this group
//	DI  panel                R9  panel column        R11 pairs of columns in the run
//	DX  pairs left           R12 totals of this group
//	CX  what to prefetch: a number of lines for each group
//	R13 run: bit 0 adds the totals of the runs before, bit 1 leaves totals
//	Z0…Z23   accumulators: center c has the rows of bytes 0…63 of a panel
//	         column in Z(2c), those of bytes 64…127 in Z(2c+1)
//	Z24…Z27  two panel columns, later best (Z24, Z25) and runner-up (Z26, Z27)
//	Z28,Z29  a broadcast center element, later temporaries and the index
//	Z30      mask of places    Z31 temporary

// What is done for each center c of a group of n, with its accumulators A, B.
#define EACH1(OP, n) OP(0, n, Z0, Z1)
#define EACH2(OP, n) EACH1(OP, n); OP(1, n, Z2, Z3)
#define EACH3(OP, n) EACH2(OP, n); OP(2, n, Z4, Z5)
#define EACH4(OP, n) EACH3(OP, n); OP(3, n, Z6, Z7)
#define EACH5(OP, n) EACH4(OP, n); OP(4, n, Z8, Z9)
#define EACH6(OP, n) EACH5(OP, n); OP(5, n, Z10, Z11)
#define EACH7(OP, n) EACH6(OP, n); OP(6, n, Z12, Z13)
#define EACH8(OP, n) EACH7(OP, n); OP(7, n, Z14, Z15)
#define EACH9(OP, n) EACH8(OP, n); OP(8, n, Z16, Z17)
#define EACH10(OP, n) EACH9(OP, n); OP(9, n, Z18, Z19)
#define EACH11(OP, n) EACH10(OP, n); OP(10, n, Z20, Z21)
#define EACH12(OP, n) EACH11(OP, n); OP(11, n, Z22, Z23)

// ½‖c‖² to begin with (zero in the later runs).
#define START(c, n, A, B) HALFNORM(c, A, B)

// A negated center's element times the panel column: the first and second of a pair.
#define FIRST(c, n, A, B) \
	BCAST (c*ES)(R8), Z28;  \
	MADD(Z28, Z24, A);      \
	MADD(Z28, Z25, B)
#define SECOND(c, n, A, B) \
	BCAST ((n+c)*ES)(R8), Z29; \
	MADD(Z29, Z26, A);         \
	MADD(Z29, Z27, B)

#define ADDTOTAL(c, n, A, B) \
	ADD (128*c)(R12), A, A;    \
	ADD (128*c+64)(R12), B, B
#define KEEPTOTAL(c, n, A, B) \
	LOAD A, (128*c)(R12);      \
	LOAD B, (128*c+64)(R12)

// To the code for groups of DX centers; for those of one it goes on.
#define BYSIZE \
	CMPQ DX, $12;           \
	JEQ  group12;           \
	CMPQ DX, $11;           \
	JEQ  group11;           \
	CMPQ DX, $10;           \
	JEQ  group10;           \
	CMPQ DX, $9;            \
	JEQ  group9;            \
	CMPQ DX, $8;            \
	JEQ  group8;            \
	CMPQ DX, $7;            \
	JEQ  group7;            \
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
	LOAD (R9), Z24;           \
	LOAD 64(R9), Z25;         \
	LOAD 128(R9), Z26;        \
	LOAD 192(R9), Z27;        \
	EACH(FIRST, n);           \
	EACH(SECOND, n);          \
	ADDQ $256, R9;            \
	ADDQ $(2*n*ES), R8;       \
	DECQ DX;                  \
	JNZ  pair;                \
	TESTQ R13, R13;           \
	JZ   rank;                \
	TESTQ $1, R13;            \
	JZ   keep;                \
	EACH(ADDTOTAL, n);        \
	ADDQ $(128*n), R12;       \
	TESTQ $2, R13;            \
	JZ   rank;                \
	SUBQ $(128*n), R12;       \
keep: \
	EACH(KEEPTOTAL, n);       \
	ADDQ $(128*n), R12;       \
	JMP  next;                \
rank: \
	RANKPANEL(n, EACH);       \
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
	BCAST PLACES, Z30;      \
	BYSIZE;                 \
	GROUPS(1, EACH1, group1, fetch1, start1, pair1, keep1, rank1, next1); \
	GROUPS(2, EACH2, group2, fetch2, start2, pair2, keep2, rank2, next2); \
	GROUPS(3, EACH3, group3, fetch3, start3, pair3, keep3, rank3, next3); \
	GROUPS(4, EACH4, group4, fetch4, start4, pair4, keep4, rank4, next4); \
	GROUPS(5, EACH5, group5, fetch5, start5, pair5, keep5, rank5, next5); \
	GROUPS(6, EACH6, group6, fetch6, start6, pair6, keep6, rank6, next6); \
	GROUPS(7, EACH7, group7, fetch7, start7, pair7, keep7, rank7, next7); \
	GROUPS(8, EACH8, group8, fetch8, start8, pair8, keep8, rank8, next8); \
	GROUPS(9, EACH9, group9, fetch9, start9, pair9, keep9, rank9, next9); \
	GROUPS(10, EACH10, group10, fetch10, start10, pair10, keep10, rank10, next10); \
	GROUPS(11, EACH11, group11, fetch11, start11, pair11, keep11, rank11, next11); \
	GROUPS(12, EACH12, group12, fetch12, start12, pair12, keep12, rank12, next12)
