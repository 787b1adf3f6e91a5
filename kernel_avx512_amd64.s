//go:build !purego

#include "textflag.h"
#include "nearest_avx512_amd64.h"

// The amd64 kernels for AVX-512 (F, VL, DQ, BW). They do what those of
// kernel_amd64.s do, of which split, direct and moved serve this level, too. A
// panel column is two ZMM registers here:
//
//	panel   depth columns of 128 bytes: element j of the RowTile rows of a block
//	        (32 float32, 16 float64), minus the shift; zero columns to the depth
//	group   n half squared norms ½‖c‖² and the index of the first center (an
//	        integer of the element's size), then columns of n negated elements
//	state   best, runner-up and index of each row of a panel (128 bytes each)
//	totals  128 bytes for each center: the sums of the runs of columns so far
//	bound   8 elements p0 p1 a b e e2 tiny most: see settle
//
// Operands are in Go's order: the reverse of Intel's, destination last. R14,
// R15 and BP are left alone. VEX and EVEX encodings only, VZEROUPPER before
// RET. Where rows are read, K1 is the mask of their last elements: a load under
// it touches nothing behind them.

// K1 = ones for the last d mod unit elements; AX and CX are lost.
#define TAILMASK(D, unit) \
	MOVQ D, CX;         \
	ANDQ $(unit-1), CX; \
	MOVL $1, AX;        \
	SHLL CX, AX;        \
	DECL AX;            \
	KMOVW AX, K1

// ---- pack ----
//
// Eight rows by 16 bytes (four float32 or two float64 columns) at a time. The
// 16 bytes of rows that are four (two) apart are loaded into the 128-bit lanes
// of one register: transposing within the lanes then gives whole columns.
// A panel is filled in four (two) passes of eight rows. Rows past the last
// repeat it.
//
//	R8…R13, SI, DX  rows                       BX  shift
//	DI  panel column                           CX  byte offset in the rows
//	AX  bytes in blocks of 16                  Z12…Z15 norms
//	R15 what is fetched into the cache

// The last row; ld in bytes. That of a single row may be any number: it counts
// as 0, so that the rows below cannot wrap around.
#define LASTROW \
	MOVQ ld+40(FP), CX;   \
	IMULQ $ES, CX;        \
	MOVQ n+32(FP), AX;    \
	DECQ AX;              \
	CMOVQEQ AX, CX;       \
	MOVQ CX, ld+40(FP);   \
	IMULQ CX, AX;         \
	ADDQ x+16(FP), AX;    \
	MOVQ AX, last-8(SP)

// The rows of a pass, and x at those of the next one. What is fetched are the rows as many
// further on as a panel has, 2^log, should they be without gaps: if a panel leaves room for
// them in the cache, or else those that are read.
#define ROWS(log) \
	MOVQ x+16(FP), R8;      \
	MOVQ ld+40(FP), CX;     \
	MOVQ CX, R15;           \
	SHLQ $log, R15;         \
	ADDQ R8, R15;           \
	CMPQ d+48(FP), $256;    \
	CMOVQGT R8, R15;        \
	LEAQ (R8)(CX*1), R9;    \
	LEAQ (R8)(CX*2), R10;   \
	LEAQ (R9)(CX*2), R11;   \
	LEAQ (R8)(CX*4), R12;   \
	LEAQ (R9)(CX*4), R13;   \
	LEAQ (R10)(CX*4), SI;   \
	LEAQ (R11)(CX*4), DX;   \
	LEAQ (R8)(CX*8), AX;    \
	MOVQ AX, x+16(FP);      \
	MOVQ last-8(SP), AX;    \
	CLAMP(R8); CLAMP(R9); CLAMP(R10); CLAMP(R11); \
	CLAMP(R12); CLAMP(R13); CLAMP(SI); CLAMP(DX)

// What a step of a pass reads, of the rows that are fetched.
#define FETCH \
	PREFETCHT0 (R15);   \
	PREFETCHT0 64(R15); \
	ADDQ $128, R15

// R = min(row, last row): AX is the last row.
#define CLAMP(R) \
	CMPQ    AX, R; \
	CMOVQCS AX, R

// Rows R and S, four apart, in the lanes of Y (X is its low half).
#define LOAD32(R, S, X, Y) \
	VMOVUPS     (R)(CX*1), X;       \
	VINSERTF128 $1, (S)(CX*1), Y, Y
#define LOADTAIL32(R, S, X, Y) \
	VMOVUPS.Z   (R)(CX*1), K1, X;   \
	VMOVUPS.Z   (S)(CX*1), K1, X8;  \
	VINSERTF128 $1, X8, Y, Y

// Rows in Y0…Y3 less the shift to panel columns, their squares to the norms.
#define TRANSPOSE32 \
	VBROADCASTF128 (BX)(CX*1), Y4; \
	VSUBPS Y4, Y0, Y0;             \
	VSUBPS Y4, Y1, Y1;             \
	VSUBPS Y4, Y2, Y2;             \
	VSUBPS Y4, Y3, Y3;             \
	VUNPCKLPS Y1, Y0, Y4;          \
	VUNPCKHPS Y1, Y0, Y5;          \
	VUNPCKLPS Y3, Y2, Y6;          \
	VUNPCKHPS Y3, Y2, Y7;          \
	VSHUFPS $0x44, Y6, Y4, Y0;     \
	VSHUFPS $0xEE, Y6, Y4, Y1;     \
	VSHUFPS $0x44, Y7, Y5, Y2;     \
	VSHUFPS $0xEE, Y7, Y5, Y3;     \
	VMOVUPS Y0, (DI);              \
	VMOVUPS Y1, 128(DI);           \
	VMOVUPS Y2, 256(DI);           \
	VMOVUPS Y3, 384(DI);           \
	VFMADD231PS Y0, Y0, Y12;       \
	VFMADD231PS Y1, Y1, Y13;       \
	VFMADD231PS Y2, Y2, Y14;       \
	VFMADD231PS Y3, Y3, Y15;       \
	ADDQ $512, DI;                 \
	ADDQ $16, CX

// Rows R, S, T and U, two apart, in the lanes of V (X and Y are its low parts).
#define LOAD64(R, S, T, U, X, Y, V) \
	VMOVUPD      (R)(CX*1), X;        \
	VINSERTF128  $1, (S)(CX*1), Y, Y; \
	VINSERTF64X2 $2, (T)(CX*1), V, V; \
	VINSERTF64X2 $3, (U)(CX*1), V, V
#define LOADTAIL64(R, S, T, U, X, Y, V) \
	VMOVUPD.Z    (R)(CX*1), K1, X;  \
	VMOVUPD.Z    (S)(CX*1), K1, X4; \
	VMOVUPD.Z    (T)(CX*1), K1, X5; \
	VMOVUPD.Z    (U)(CX*1), K1, X6; \
	VINSERTF128  $1, X4, Y, Y;      \
	VINSERTF64X2 $2, X5, V, V;      \
	VINSERTF64X2 $3, X6, V, V

// Rows in Z0, Z1 less the shift to panel columns, their squares to the norms.
#define TRANSPOSE64 \
	VBROADCASTF64X2 (BX)(CX*1), Z4; \
	VSUBPD Z4, Z0, Z0;              \
	VSUBPD Z4, Z1, Z1;              \
	VUNPCKLPD Z1, Z0, Z2;           \
	VUNPCKHPD Z1, Z0, Z3;           \
	VMOVUPD Z2, (DI);               \
	VMOVUPD Z3, 128(DI);            \
	VFMADD231PD Z2, Z2, Z12;        \
	VFMADD231PD Z3, Z3, Z13;        \
	ADDQ $256, DI;                  \
	ADDQ $16, CX

// ---- nearest ----
//
// The macros are in nearest_avx512_amd64.h; these are their float parts.

// A center's scores against the best two of each row so far, after their lowest
// bits have become the center's place in the group: (score AND mask) OR place. A
// NaN score never wins. Finite centers give one only to rows that are not finite
// or whose norm overflows, and those never pass settle's test.
#define RANK(c, n, A, B) \
	TERNLOG.BCST $0xEA, PLACE(c), Z30, A; \
	TERNLOG.BCST $0xEA, PLACE(c), Z30, B; \
	MAX A, Z24, Z28;                      \
	MAX B, Z25, Z29;                      \
	MIN Z28, Z26, Z26;                    \ // runner-up = min(runner-up, max(best, score))
	MIN Z29, Z27, Z27;                    \
	MIN Z24, A, Z24;                      \
	MIN Z25, B, Z25

// Ranks a panel.
#define RANKPANEL(n, EACH) \
	LOAD (BX), Z24;           \
	LOAD 64(BX), Z25;         \
	LOAD 128(BX), Z26;        \
	LOAD 192(BX), Z27;        \
	EACH(RANK, n);            \
	CMP  $4, (BX), Z24, K1;   \ // rows with a new best: it is in this group
	CMP  $4, 64(BX), Z25, K2; \
	LOAD 256(BX), Z28;        \
	LOAD 320(BX), Z29;        \
	BCAST (n*ES)(R10), K1, Z28; \
	BCAST (n*ES)(R10), K2, Z29; \
	LOAD Z24, (BX);           \
	LOAD Z25, 64(BX);         \
	LOAD Z26, 128(BX);        \
	LOAD Z27, 192(BX);        \
	LOAD Z28, 256(BX);        \
	LOAD Z29, 320(BX)

// ---- settle ----
//
// A row is settled when its runner-up is farther from its best score than the
// rounding of the scores can explain: runner-up − best > min(p0 + p1·√X,
// a·X + b·best) + e·X + e2·best + tiny, with X = ‖x‖², and X ≤ most (boundOf in
// centers.go). Its label is the first center of the best one's group plus the
// place that the best score carries.
//
//	AX  labels    BX  state    CX  norms    DX  bound    SI  runners-up
//	Z0 best  Z1 runner-up  Z2 index  Z3 X  Z4, Z5 temporaries  Z6 +Inf  Z7 zero
//	Z8 mask of places

// The half of the panel at byte o: settled rows as a bit mask in R.
#define SETTLE(o, R) \
	LOAD  o(BX), Z0;              \
	LOAD  (128+o)(BX), Z1;        \
	LOAD  o(CX), Z3;              \
	VPANDNQ Z0, Z8, Z2;           \
	ADDINT (256+o)(BX), Z2, Z2;   \
	BCAST (0*ES)(DX), Z4;         \
	SQRT  Z3, Z5;                 \
	FMA.BCST (1*ES)(DX), Z5, Z4;  \ // p0 + p1·√X
	MUL.BCST (2*ES)(DX), Z3, Z5;  \
	FMA.BCST (3*ES)(DX), Z0, Z5;  \ // a·X + b·best
	MIN   Z5, Z4, Z4;             \
	FMA.BCST (4*ES)(DX), Z3, Z4;  \
	FMA.BCST (5*ES)(DX), Z0, Z4;  \
	ADD.BCST (6*ES)(DX), Z4, Z4;  \
	CMP.BCST $18, (7*ES)(DX), Z3, K1; \ // X ≤ most, false for NaN
	SUB   Z0, Z1, Z5;             \ // runner-up − best
	CMP   $30, Z4, Z5, K1, K1;    \ // and greater, false for NaN
	KMOVW K1, R;                  \
	LOAD  Z1, o(SI);              \
	LOAD  Z6, o(BX);              \ // the state of the next panel
	LOAD  Z6, (128+o)(BX);        \
	LOAD  Z7, (256+o)(BX)

#define SETTLES \
	MOVQ labels+0(FP), AX;  \
	MOVQ next+8(FP), SI;    \
	MOVQ state+16(FP), BX;  \
	MOVQ norms+24(FP), CX;  \
	MOVQ bound+32(FP), DX;  \
	MOVQ $INF, R8;          \
	BCASTINT R8, Z6;        \
	VPXORQ Z7, Z7, Z7;      \
	BCAST PLACES, Z8;       \
	SETTLE(0, R8);          \
	LABELS Z2, (AX);        \
	SETTLE(64, R9);         \
	LABELS Z2, LB(AX);      \
	SHLQ $(64/ES), R9;      \
	ORQ  R9, R8;            \
	MOVQ R8, settled+40(FP); \
	VZEROUPPER;             \
	RET

// ---- below ----
//
// Which of n scores of each row of a panel are below the row's limit: a bit set
// of the rows for each score.
//
//	DI  bit sets    SI  totals    CX  scores left    Z0,Z1 limits    K1,K2 comparisons

#define BELOW(score, done) \
	MOVQ bits+0(FP), DI;      \
	MOVQ totals+8(FP), SI;    \
	MOVQ limits+16(FP), AX;   \
	MOVQ n+24(FP), CX;        \
	LOAD (AX), Z0;            \
	LOAD 64(AX), Z1;          \
	TESTQ CX, CX;             \
	JZ   done;                \
score: \
	CMP  $30, (SI), Z0, K1;   \ // limit > total, false for NaN
	CMP  $30, 64(SI), Z1, K2; \
	KJOIN K1, K2, K1;         \
	KMOVD K1, (DI);           \
	ADDQ $128, SI;            \
	ADDQ $4, DI;              \
	DECQ CX;                  \
	JNZ  score;               \
done: \
	VZEROUPPER;               \
	RET

// ---- squaredL2 and dot ----
//
// out[i·ldo] of row i of x and row idx[i] of y (row 0 when idx is nil), in
// lane order: one register of partial sums, added in halves at the end. Four
// rows at a time keep the additions of one from waiting for each other; the
// last n mod 4 rows are taken one by one.
//
//	SI  row of x, at AX     R10 bytes from row to row, R13 three times that
//	R8, R9, R11, R12 rows of y        AX  byte offset     DX  bytes in whole blocks
//	DI  out    CX  rows left          BX  idx, later the bytes from output to output
//	Z0…Z3 partial sums      Z4…Z7 elements, then terms    Z8 partners of the last block

// A term of the sums, rounded before it is added: (x−y)² or xy, in X.
#define TERMSQUARE(Y, X) \
	SUB Y, X, X; \
	MUL X, X, X
#define TERMDOT(Y, X) \
	MUL Y, X, X

// R = row idx[i] of y: AX is y.
#define PARTNER(i, R) \
	MOVLQSX (4*i)(BX), R;    \
	IMULQ   ldy+64(FP), R;   \
	LEAQ    (AX)(R*ES), R

// A block of a row of x at E and of its partner at P; TAIL under the mask.
#define BLOCK(TERM, E, P, X, S) \
	LOAD E, X;    \
	TERM(P, X);   \
	ADD  X, S, S
#define TAIL(TERM, E, P, X, S) \
	LOAD.Z E, K1, X;  \
	LOAD.Z P, K1, Z8; \
	TERM(Z8, X);      \
	ADD    X, S, S

// The partial sums of Z0…Z3 to the first element of the 128-bit lanes 0…3 of Z0.
#define FOLD \
	VSHUFF64X2 $0x44, Z1, Z0, Z4; \ // lower halves
	VSHUFF64X2 $0xEE, Z1, Z0, Z5; \ // upper halves
	VSHUFF64X2 $0x44, Z3, Z2, Z6; \
	VSHUFF64X2 $0xEE, Z3, Z2, Z7; \
	ADD Z5, Z4, Z0;               \
	ADD Z7, Z6, Z2;               \
	VSHUFF64X2 $0x88, Z2, Z0, Z4; \ // lower quarters
	VSHUFF64X2 $0xDD, Z2, Z0, Z5; \ // upper quarters
	ADD Z5, Z4, Z0;               \
	FOLDLANE
#define FOLD32 \
	VPERMILPS $0x4E, Z0, Z4; \
	VADDPS Z4, Z0, Z0;       \
	VPERMILPS $0xB1, Z0, Z4; \
	VADDPS Z4, Z0, Z0
#define FOLD64 \
	VPERMILPD $0x55, Z0, Z4; \
	VADDPD Z4, Z0, Z0

// Lane i of Z0 to the next output.
#define OUT(i) \
	ADDQ BX, DI;                  \
	VEXTRACTF32X4 $i, Z0, X1;     \
	STORE X1, (DI)

#define PAIRS(TERM, four, ready, block, fold, ones, one, alone, part, sum, done) \
	TAILMASK(d+40(FP), 64/ES);       \
	MOVQ out+0(FP), DI;              \
	MOVQ x+8(FP), SI;                \
	MOVQ d+40(FP), DX;               \
	MOVQ ldx+56(FP), R10;            \
	IMULQ $ES, DX;                   \
	IMULQ $ES, R10;                  \
	ANDQ $-64, DX;                   \
	LEAQ (R10)(R10*2), R13;          \
	MOVQ n+32(FP), CX;               \
	SUBQ $4, CX;                     \
	JLT  ones;                       \
four: \
	MOVQ y+16(FP), AX;               \
	MOVQ AX, R8;                     \
	MOVQ AX, R9;                     \
	MOVQ AX, R11;                    \
	MOVQ AX, R12;                    \
	MOVQ idx+24(FP), BX;             \
	TESTQ BX, BX;                    \
	JZ   ready;                      \
	PARTNER(0, R8);                  \
	PARTNER(1, R9);                  \
	PARTNER(2, R11);                 \
	PARTNER(3, R12);                 \
	ADDQ $16, idx+24(FP);            \
ready: \
	VPXORQ Z0, Z0, Z0;               \
	VPXORQ Z1, Z1, Z1;               \
	VPXORQ Z2, Z2, Z2;               \
	VPXORQ Z3, Z3, Z3;               \
	XORQ AX, AX;                     \
	PCALIGN $32;                     \
block: \
	BLOCK(TERM, (SI), (R8)(AX*1), Z4, Z0);         \
	BLOCK(TERM, (SI)(R10*1), (R9)(AX*1), Z5, Z1);  \
	BLOCK(TERM, (SI)(R10*2), (R11)(AX*1), Z6, Z2); \
	BLOCK(TERM, (SI)(R13*1), (R12)(AX*1), Z7, Z3); \
	ADDQ $64, SI;                    \
	ADDQ $64, AX;                    \
	CMPQ AX, DX;                     \
	JLT  block;                      \
	KORTESTW K1, K1;                 \
	JEQ  fold;                       \
	TAIL(TERM, (SI), (R8)(AX*1), Z4, Z0);         \
	TAIL(TERM, (SI)(R10*1), (R9)(AX*1), Z5, Z1);  \
	TAIL(TERM, (SI)(R10*2), (R11)(AX*1), Z6, Z2); \
	TAIL(TERM, (SI)(R13*1), (R12)(AX*1), Z7, Z3); \
fold: \
	FOLD;                            \
	MOVQ ldo+48(FP), BX;             \
	IMULQ $ES, BX;                   \
	STORE X0, (DI);                  \
	OUT(1);                          \
	OUT(2);                          \
	OUT(3);                          \
	ADDQ BX, DI;                     \
	SUBQ AX, SI;                     \
	LEAQ (SI)(R10*4), SI;            \
	SUBQ $4, CX;                     \
	JGE  four;                       \
ones: \
	ADDQ $4, CX;                     \
	JZ   done;                       \
	VPXORQ Z1, Z1, Z1;               \ // no second, third and fourth row
	VPXORQ Z2, Z2, Z2;               \
	VPXORQ Z3, Z3, Z3;               \
one: \
	MOVQ y+16(FP), AX;               \
	MOVQ AX, R8;                     \
	MOVQ idx+24(FP), BX;             \
	TESTQ BX, BX;                    \
	JZ   alone;                      \
	PARTNER(0, R8);                  \
	ADDQ $4, idx+24(FP);             \
alone: \
	VPXORQ Z0, Z0, Z0;               \
	XORQ AX, AX;                     \
part: \
	BLOCK(TERM, (SI)(AX*1), (R8)(AX*1), Z4, Z0); \
	ADDQ $64, AX;                    \
	CMPQ AX, DX;                     \
	JLT  part;                       \
	KORTESTW K1, K1;                 \
	JEQ  sum;                        \
	TAIL(TERM, (SI)(AX*1), (R8)(AX*1), Z4, Z0); \
sum: \
	FOLD;                            \
	STORE X0, (DI);                  \
	MOVQ ldo+48(FP), BX;             \
	IMULQ $ES, BX;                   \
	ADDQ BX, DI;                     \
	ADDQ R10, SI;                    \
	DECQ CX;                         \
	JNZ  one;                        \
done: \
	VZEROUPPER;                      \
	RET

// ---- accumulate ----
//
// Adds rows to the fixed-point sums of their clusters (Sums in sums.go), eight
// elements at a time: y = x·w·2^e, hi += rint(y), lo += rint((y − rint(y))·lift).
// Integers come by the addition of 1.5·2⁵² (roundingMagic) as everywhere, so
// that even numbers out of range give the same bits at all levels.
//
//	SI  row      R8  labels    R9  weights, or 0    CX  rows left
//	DI  hi       R10 lo        R11 bytes from row to row, R12 bytes per cluster
//	AX  byte offset in the sums    DX  element of the row    BX  columns left
//	R13 bytes to the next row, which is fetched into the cache; later a temporary
//	Z15 magic    Z14 lift    Z13 w·2^e    Z12 2^e    Z0… temporaries

#define WHOLES \
	VMULPD Z13, Z0, Z0;        \ // y
	VADDPD Z15, Z0, Z1;        \ // integer part, in the low bits
	VSUBPD Z15, Z1, Z2;        \
	VSUBPD Z2, Z0, Z2;         \ // exact rest
	VPSUBQ Z15, Z1, Z1
#define ADDWHOLES \
	VPADDQ (DI)(AX*1), Z1, Z1; \
	VMOVDQU64 Z1, (DI)(AX*1)
#define ADDRESTS \
	VMULPD Z14, Z2, Z2;        \
	VADDPD Z15, Z2, Z2;        \
	VPSUBQ Z15, Z2, Z2;        \
	VPADDQ (R10)(AX*1), Z2, Z2;\
	VMOVDQU64 Z2, (R10)(AX*1)

#define FIXED(exact) \
	WHOLES;                    \
	ADDWHOLES;                 \
	ADDRESTS;                  \
	ADDQ $64, AX

// The same for elements that hardly ever have a rest: of float32, whose 24 bits fit hi unless an
// element is small beside the largest.
#define FIXEDEXACT(exact) \
	WHOLES;                    \
	ADDWHOLES;                 \
	VPTESTMQ Z2, Z2, K2;       \
	KORTESTW K2, K2;           \
	JZ exact;                  \
	ADDRESTS;                  \
exact: \
	ADDQ $64, AX

#define ACCUMULATE(LOADEIGHT, LOADREST, FIXED, row, listed, ahead, weighted, eight, exact, rest, last, next, done) \
	TAILMASK(d+56(FP), 8);           \
	MOVQ hi+0(FP), DI;               \
	MOVQ lo+8(FP), R10;              \
	MOVQ x+16(FP), SI;               \
	MOVQ labels+32(FP), R8;          \
	MOVQ weights+40(FP), R9;         \
	MOVQ n+48(FP), CX;               \
	MOVQ ld+64(FP), R11;             \
	MOVQ lds+72(FP), R12;            \
	IMULQ $ES, R11;                  \
	SHLQ $3, R12;                    \
	MOVQ $0x4338000000000000, AX;    \
	VPBROADCASTQ AX, Z15;            \
	VBROADCASTSD lift+88(FP), Z14;   \
	VBROADCASTSD scale+80(FP), Z12;  \
	VMOVAPD Z12, Z13;                \
	TESTQ CX, CX;                    \
	JZ   done;                       \
row: \
	MOVQ rows+24(FP), R13;           \
	TESTQ R13, R13;                  \
	JZ   listed;                     \
	MOVLQSX (R13), SI;               \ // the row that the list gives
	ADDQ $4, R13;                    \
	MOVQ R13, rows+24(FP);           \
	IMULQ R11, SI;                   \
	ADDQ x+16(FP), SI;               \
	CMPQ CX, $1;                     \
	JEQ  listed;                     \
	MOVLQSX (R13), R13;              \ // and the next one
	IMULQ R11, R13;                  \
	ADDQ x+16(FP), R13;              \
	SUBQ SI, R13;                    \
	JMP  ahead;                      \
listed: \
	MOVQ R11, R13;                   \
ahead: \
	MOVLQSX (R8), AX;                \
	TESTQ AX, AX;                    \
	JLT  next;                       \
	IMULQ R12, AX;                   \
	TESTQ R9, R9;                    \
	JZ   weighted;                   \
	VMULPD.BCST (R9), Z12, Z13;      \
weighted: \
	MOVQ SI, DX;                     \
	MOVQ d+56(FP), BX;               \
	SUBQ $8, BX;                     \
	JLT  rest;                       \
eight: \
	PREFETCHT0 (DX)(R13*1);          \
	LOADEIGHT (DX), Z0;              \
	FIXED(exact);                    \
	ADDQ $(8*ES), DX;                \
	SUBQ $8, BX;                     \
	JGE  eight;                      \
rest: \
	ADDQ $8, BX;                     \
	JZ   next;                       \
	LOADREST;                        \
	FIXED(last);                     \
next: \
	ADDQ R11, SI;                    \
	ADDQ $4, R8;                     \
	LEAQ 8(R9), R13;                 \
	TESTQ R9, R9;                    \
	CMOVQNE R13, R9;                 \
	DECQ CX;                         \
	JNZ  row;                        \
done: \
	VZEROUPPER;                      \
	RET

#define REST32 \
	VMOVUPS.Z (DX), K1, Y0; \
	VCVTPS2PD Y0, Z0
#define REST64 \
	VMOVUPD.Z (DX), K1, Z0

// ---- float32 ----

#define HALFNORM(c, A, B) BCAST (c*ES)(R10), A; VMOVAPS A, B
#define MADD(E, P, A) FMA E, P, A
#define BCAST VBROADCASTSS
#define LOAD VMOVUPS
#define STORE VMOVSS
#define FMA VFMADD231PS
#define ADD VADDPS
#define SUB VSUBPS
#define MUL VMULPS
#define MAX VMAXPS
#define MIN VMINPS
#define CMP VCMPPS
#define SQRT VSQRTPS
#define FOLDLANE FOLD32
#define BCASTINT VPBROADCASTD
#define ADDINT VPADDD
#define KJOIN KUNPCKWD // the low bits from the first operand
#define TERNLOG VPTERNLOGD
#define PLACES ·places32(SB)
#define PLACE(c) ·place32+32*c(SB)
#define LABELS VMOVDQU32 // 16 labels
#define LB 64            // bytes of them
#define INF 0x7F800000
#define ES 4

// func packF32AVX512(panel, norms, x, shift unsafe.Pointer, n, ld, d int)
TEXT ·packF32AVX512(SB), NOSPLIT, $16-56
	TAILMASK(d+48(FP), 4)
	LASTROW
	MOVQ $4, passes-16(SP)

pass: // eight rows
	ROWS(5)
	MOVQ   panel+0(FP), DI
	MOVQ   shift+24(FP), BX
	MOVQ   d+48(FP), AX
	ANDQ   $-4, AX
	SHLQ   $2, AX
	VXORPS Y12, Y12, Y12
	VXORPS Y13, Y13, Y13
	VXORPS Y14, Y14, Y14
	VXORPS Y15, Y15, Y15
	XORQ   CX, CX
	JMP    more

block: // four columns
	FETCH
	LOAD32(R8, R12, X0, Y0)
	LOAD32(R9, R13, X1, Y1)
	LOAD32(R10, SI, X2, Y2)
	LOAD32(R11, DX, X3, Y3)
	TRANSPOSE32

more:
	CMPQ CX, AX
	JLT  block

	// The last d mod 4 columns, the rest of the four zero.
	KORTESTW K1, K1
	JEQ      norms
	LOADTAIL32(R8, R12, X0, Y0)
	LOADTAIL32(R9, R13, X1, Y1)
	LOADTAIL32(R10, SI, X2, Y2)
	LOADTAIL32(R11, DX, X3, Y3)
	TRANSPOSE32

norms:
	VADDPS  Y13, Y12, Y12
	VADDPS  Y15, Y14, Y14
	VADDPS  Y14, Y12, Y12
	MOVQ    norms+8(FP), DI
	VMOVUPS Y12, (DI)
	ADDQ    $32, norms+8(FP)
	ADDQ    $32, panel+0(FP)
	DECQ    passes-16(SP)
	JNZ     pass
	VZEROUPPER
	RET

// func nearestF32AVX512(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)
TEXT ·nearestF32AVX512(SB), NOSPLIT, $0-80
	NEAREST

// func settleF32AVX512(labels, next, state, norms, bound unsafe.Pointer) (settled uint64)
TEXT ·settleF32AVX512(SB), NOSPLIT, $0-48
	SETTLES

// func belowF32AVX512(bits, totals, limits unsafe.Pointer, n int)
TEXT ·belowF32AVX512(SB), NOSPLIT, $0-32
	BELOW(score, done)

// func squaredL2F32AVX512(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)
TEXT ·squaredL2F32AVX512(SB), NOSPLIT, $0-72
	PAIRS(TERMSQUARE, four, ready, block, fold, ones, one, alone, part, sum, done)

// func dotF32AVX512(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)
TEXT ·dotF32AVX512(SB), NOSPLIT, $0-72
	PAIRS(TERMDOT, four, ready, block, fold, ones, one, alone, part, sum, done)

// func accumulateF32AVX512(hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)
TEXT ·accumulateF32AVX512(SB), NOSPLIT, $0-96
	ACCUMULATE(VCVTPS2PD, REST32, FIXEDEXACT, row, listed, ahead, weighted, eight, exact, rest, last, next, done)

// ---- float64 ----

#undef BCAST
#undef LOAD
#undef STORE
#undef FMA
#undef ADD
#undef SUB
#undef MUL
#undef MAX
#undef MIN
#undef CMP
#undef SQRT
#undef FOLDLANE
#undef BCASTINT
#undef ADDINT
#undef KJOIN
#undef TERNLOG
#undef PLACES
#undef PLACE
#undef LABELS
#undef LB
#undef INF
#undef ES
#define BCAST VBROADCASTSD
#define LOAD VMOVUPD
#define STORE VMOVSD
#define FMA VFMADD231PD
#define ADD VADDPD
#define SUB VSUBPD
#define MUL VMULPD
#define MAX VMAXPD
#define MIN VMINPD
#define CMP VCMPPD
#define SQRT VSQRTPD
#define FOLDLANE FOLD64
#define BCASTINT VPBROADCASTQ
#define ADDINT VPADDQ
#define KJOIN KUNPCKBW
#define TERNLOG VPTERNLOGQ
#define PLACES ·places64(SB)
#define PLACE(c) ·place64+32*c(SB)
#define LABELS VPMOVQD // 8 labels
#define LB 32
#define INF 0x7FF0000000000000
#define ES 8

// func packF64AVX512(panel, norms, x, shift unsafe.Pointer, n, ld, d int)
TEXT ·packF64AVX512(SB), NOSPLIT, $16-56
	TAILMASK(d+48(FP), 2)
	LASTROW
	MOVQ $2, passes-16(SP)

pass: // eight rows
	ROWS(4)
	MOVQ   panel+0(FP), DI
	MOVQ   shift+24(FP), BX
	MOVQ   d+48(FP), AX
	ANDQ   $-2, AX
	SHLQ   $3, AX
	VPXORQ Z12, Z12, Z12
	VPXORQ Z13, Z13, Z13
	XORQ   CX, CX
	JMP    more

block: // two columns
	FETCH
	LOAD64(R8, R10, R12, SI, X0, Y0, Z0)
	LOAD64(R9, R11, R13, DX, X1, Y1, Z1)
	TRANSPOSE64

more:
	CMPQ CX, AX
	JLT  block

	// The last column of an odd number, with a zero one.
	KORTESTW K1, K1
	JEQ      norms
	LOADTAIL64(R8, R10, R12, SI, X0, Y0, Z0)
	LOADTAIL64(R9, R11, R13, DX, X1, Y1, Z1)
	TRANSPOSE64

norms:
	VADDPD  Z13, Z12, Z12
	MOVQ    norms+8(FP), DI
	VMOVUPD Z12, (DI)
	ADDQ    $64, norms+8(FP)
	ADDQ    $64, panel+0(FP)
	DECQ    passes-16(SP)
	JNZ     pass
	VZEROUPPER
	RET

// func nearestF64AVX512(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)
TEXT ·nearestF64AVX512(SB), NOSPLIT, $0-80
	NEAREST

// func settleF64AVX512(labels, next, state, norms, bound unsafe.Pointer) (settled uint64)
TEXT ·settleF64AVX512(SB), NOSPLIT, $0-48
	SETTLES

// func belowF64AVX512(bits, totals, limits unsafe.Pointer, n int)
TEXT ·belowF64AVX512(SB), NOSPLIT, $0-32
	BELOW(score, done)

// func squaredL2F64AVX512(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)
TEXT ·squaredL2F64AVX512(SB), NOSPLIT, $0-72
	PAIRS(TERMSQUARE, four, ready, block, fold, ones, one, alone, part, sum, done)

// func dotF64AVX512(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)
TEXT ·dotF64AVX512(SB), NOSPLIT, $0-72
	PAIRS(TERMDOT, four, ready, block, fold, ones, one, alone, part, sum, done)

// func accumulateF64AVX512(hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)
TEXT ·accumulateF64AVX512(SB), NOSPLIT, $0-96
	ACCUMULATE(VMOVUPD, REST64, FIXED, row, listed, ahead, weighted, eight, exact, rest, last, next, done)
