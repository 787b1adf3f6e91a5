//go:build !purego

#include "textflag.h"
#include "nearest_amd64.h"

// The amd64 kernels for AVX2 and FMA. Layouts shared with centers.go:
//
//	panel   depth columns of 64 bytes: element j of the RowTile rows of a block
//	        (16 float32, 8 float64), minus the shift; zero columns to the depth
//	group   n half squared norms ½‖c‖² and the index of the first center (an
//	        integer of the element's size), then columns of n negated elements
//	state   best, runner-up and index of each row of a panel (64 bytes each)
//	totals  64 bytes for each center: the sums of the runs of columns so far
//	bound   8 elements p0 p1 a b e e2 tiny most: see settle
//
// Operands are in Go's order: the reverse of Intel's, destination last. R14, R15
// and BP are left alone; X15 is restored by the wrapper that Go puts around
// assembly. VEX encodings only, VZEROUPPER before RET.

// 64 bytes of ones, then of zeros: a mask for the first n bytes of a vector
// starts 64−n bytes in.
DATA tailMask<>+0(SB)/8, $-1
DATA tailMask<>+8(SB)/8, $-1
DATA tailMask<>+16(SB)/8, $-1
DATA tailMask<>+24(SB)/8, $-1
DATA tailMask<>+32(SB)/8, $-1
DATA tailMask<>+40(SB)/8, $-1
DATA tailMask<>+48(SB)/8, $-1
DATA tailMask<>+56(SB)/8, $-1
DATA tailMask<>+64(SB)/8, $0
DATA tailMask<>+72(SB)/8, $0
DATA tailMask<>+80(SB)/8, $0
DATA tailMask<>+88(SB)/8, $0
DATA tailMask<>+96(SB)/8, $0
DATA tailMask<>+104(SB)/8, $0
DATA tailMask<>+112(SB)/8, $0
DATA tailMask<>+120(SB)/8, $0
GLOBL tailMask<>(SB), RODATA|NOPTR, $128

// 1.5·2⁵², which rounds to integers when added (roundingMagic).
DATA magic<>+0(SB)/8, $0x4338000000000000
GLOBL magic<>(SB), RODATA|NOPTR, $8

// +Inf, and 1 as an integer of the element's size.
DATA inf32<>+0(SB)/4, $0x7F800000
GLOBL inf32<>(SB), RODATA|NOPTR, $4
DATA inf64<>+0(SB)/8, $0x7FF0000000000000
GLOBL inf64<>(SB), RODATA|NOPTR, $8
DATA one32<>+0(SB)/4, $1
GLOBL one32<>(SB), RODATA|NOPTR, $4
DATA one64<>+0(SB)/8, $1
GLOBL one64<>(SB), RODATA|NOPTR, $8

// ---- pack ----
//
// Eight rows by four columns (float32) or four rows by two (float64) at a time:
// row r goes to the low half of a register and the row half a block further to
// the high half, so that a transposition within the halves leaves whole panel
// columns. A panel is filled in two halves. Rows past the last repeat it.
//
//	R8…R13, SI, DX  rows (float64: R8…R11)     BX  shift
//	DI  panel column                           CX  bytes left in whole blocks, negative
//	AX  rows to prefetch                       Y10…Y13   sums of squares (float64: Y12, Y13)
//	Y0…Y7  rows and columns    Y14 mask of the last columns    Y15 shift

// R = min(row r, last row): AX is the last row, CX the bytes from row to row.
#define ROWPTR(r, R) \
	MOVQ    $r, R;    \
	CMPQ    AX, R;    \
	CMOVQLT AX, R;    \
	IMULQ   CX, R;    \
	ADDQ    x+16(FP), R

#define TWOROWS32(R, S, X, Y) \
	VMOVUPS     (R)(CX*1), X;        \
	VINSERTF128 $1, (S)(CX*1), Y, Y; \
	VSUBPS      Y15, Y, Y
#define TWOTAILS32(R, S, X, Y) \
	VMASKMOVPS  (R)(CX*1), X14, X;   \
	VMASKMOVPS  (S)(CX*1), X14, X8;  \
	VINSERTF128 $1, X8, Y, Y;        \
	VSUBPS      Y15, Y, Y

// Rows 0…3 and 4…7 in the halves of Y0…Y3 to panel columns.
#define TRANSPOSE32 \
	VUNPCKLPS Y1, Y0, Y4;       \
	VUNPCKHPS Y1, Y0, Y5;       \
	VUNPCKLPS Y3, Y2, Y6;       \
	VUNPCKHPS Y3, Y2, Y7;       \
	VSHUFPS $0x44, Y6, Y4, Y0;  \
	VSHUFPS $0xEE, Y6, Y4, Y1;  \
	VSHUFPS $0x44, Y7, Y5, Y2;  \
	VSHUFPS $0xEE, Y7, Y5, Y3;  \
	VMOVUPS Y0, (DI);           \
	VMOVUPS Y1, 64(DI);         \
	VMOVUPS Y2, 128(DI);        \
	VMOVUPS Y3, 192(DI);        \
	VFMADD231PS Y0, Y0, Y12;    \
	VFMADD231PS Y1, Y1, Y13;    \
	VFMADD231PS Y2, Y2, Y10;    \
	VFMADD231PS Y3, Y3, Y11;    \
	ADDQ $256, DI;              \
	ADDQ $16, CX

#define TWOROWS64(R, S, X, Y) \
	VMOVUPD     (R)(CX*1), X;        \
	VINSERTF128 $1, (S)(CX*1), Y, Y; \
	VSUBPD      Y15, Y, Y
#define TWOTAILS64(R, S, X, Y) \
	VMOVSD      (R)(CX*1), X;        \
	VMOVSD      (S)(CX*1), X8;       \
	VINSERTF128 $1, X8, Y, Y;        \
	VSUBPD      Y15, Y, Y

// Rows 0, 1 and 2, 3 in the halves of Y0, Y1 to panel columns.
#define TRANSPOSE64 \
	VUNPCKLPD Y1, Y0, Y2;       \
	VUNPCKHPD Y1, Y0, Y3;       \
	VMOVUPD Y2, (DI);           \
	VMOVUPD Y3, 64(DI);         \
	VFMADD231PD Y2, Y2, Y12;    \
	VFMADD231PD Y3, Y3, Y13;    \
	ADDQ $128, DI;              \
	ADDQ $16, CX

// ---- nearest ----
//
// The macros are in nearest_amd64.h; these are their float parts.

// A center's scores against the best two of each row so far, after their lowest
// bits have become the center's place in the group. A NaN score never wins.
// Finite centers give one only to rows that are not finite or whose norm
// overflows, and those never pass settle's test.
#define RANK(c, A) \
	VANDPS Y14, A, A;             \
	VORPS  PLACE(c), A, A;        \
	MAX    A, Y12, Y15;           \
	MIN    Y15, Y13, Y13;         \ // runner-up = min(runner-up, max(best, score))
	MIN    Y12, A, Y12

// Ranks the half of the panel at byte o of the state.
#define RANKHALF(o, n, EACH, HALF) \
	BCAST   PLACES, Y14;          \
	VMOVUPS o(BX), Y12;           \
	VMOVUPS (64+o)(BX), Y13;      \
	EACH(HALF, n);                \
	CMP     $4, o(BX), Y12, Y15;  \ // rows with a new best: it is in this group
	VMOVUPS (128+o)(BX), Y0;      \
	BCAST   (n*ES)(R10), Y14;     \
	BLEND   Y15, Y14, Y0, Y0;     \
	VMOVUPS Y12, o(BX);           \
	VMOVUPS Y13, (64+o)(BX);      \
	VMOVUPS Y0, (128+o)(BX)

// ---- settle ----
//
// A row is settled when its runner-up is farther from its best score than the
// rounding of the scores can explain: runner-up − best > min(p0 + p1·√X,
// a·X + b·best) + e·X + e2·best + tiny, with X = ‖x‖², and X ≤ most (boundOf in
// centers.go). Its label is the first center of the best one's group plus the
// place that the best score carries.
//
//	AX  labels    BX  state    CX  norms    DX  bound    SI  runners-up
//	Y0 best  Y1 runner-up  Y2 index  Y3 X  Y4… temporaries  Y15 +Inf  Y14 zero
//	Y13 mask of places

// The half of the panel at byte o: settled rows as a bit mask in R.
#define SETTLE(o, R) \
	LOAD  o(BX), Y0;         \
	LOAD  (64+o)(BX), Y1;    \
	LOAD  o(CX), Y3;         \
	VANDNPS Y0, Y13, Y2;     \
	ADDIDX (128+o)(BX), Y2, Y2; \
	BCAST (0*ES)(DX), Y4;    \
	BCAST (1*ES)(DX), Y5;    \
	SQRT  Y3, Y6;            \
	FMA   Y6, Y5, Y4;        \ // p0 + p1·√X
	BCAST (2*ES)(DX), Y5;    \
	MUL   Y3, Y5, Y5;        \
	BCAST (3*ES)(DX), Y6;    \
	FMA   Y0, Y6, Y5;        \ // a·X + b·best
	MIN   Y5, Y4, Y4;        \
	BCAST (4*ES)(DX), Y5;    \
	FMA   Y3, Y5, Y4;        \
	BCAST (5*ES)(DX), Y5;    \
	FMA   Y0, Y5, Y4;        \
	BCAST (6*ES)(DX), Y5;    \
	ADD   Y5, Y4, Y4;        \
	BCAST (7*ES)(DX), Y5;    \
	CMP   $18, Y5, Y3, Y6;   \ // X ≤ most, false for NaN
	SUB   Y0, Y1, Y5;        \ // runner-up − best
	CMP   $30, Y4, Y5, Y5;   \ // greater, false for NaN
	VANDPS Y6, Y5, Y5;       \
	BITS  Y5, R;             \
	LOAD  Y1, o(SI);         \
	LOAD  Y15, o(BX);        \ // the state of the next panel
	LOAD  Y15, (64+o)(BX);   \
	LOAD  Y14, (128+o)(BX)

// ---- split ----
//
// n panels of whole rows of 1 to 4 columns without gaps, eight rows (float64:
// four) at a time: what pack does for any row, without norms and shift.
//
//	SI  rows    DI  panel    CX  panels left
//	Y0… rows and columns

// Two pieces of 16 bytes to the halves of X's register Y.
#define HALVES(lo, hi, X, Y) \
	VMOVUPS     lo(SI), X;        \
	VINSERTF128 $1, hi(SI), Y, Y

// Eight rows of two: x0 y0 x1 y1 | x4 …, x2 y2 x3 y3 | x6 …
#define SPLIT32_1 \
	VMOVUPS (SI), Y4
#define SPLIT32_2 \
	HALVES(0, 32, X0, Y0);        \
	HALVES(16, 48, X1, Y1);       \
	VSHUFPS $0x88, Y1, Y0, Y4;    \
	VSHUFPS $0xDD, Y1, Y0, Y5
// Eight rows of three: x0 y0 z0 x1 | x4 …, y1 z1 x2 y2 | y5 …, z2 x3 y3 z3 | z6 …
#define SPLIT32_3 \
	HALVES(0, 48, X0, Y0);        \
	HALVES(16, 64, X1, Y1);       \
	HALVES(32, 80, X2, Y2);       \
	VSHUFPS $0x9E, Y2, Y1, Y3;    \ // x2 y2 x3 y3
	VSHUFPS $0x49, Y1, Y0, Y7;    \ // y0 z0 y1 z1
	VSHUFPS $0x8C, Y3, Y0, Y4;    \
	VSHUFPS $0xD8, Y3, Y7, Y5;    \
	VSHUFPS $0xCD, Y2, Y7, Y6
#define SPLIT32_4 \
	HALVES(0, 64, X0, Y0);        \
	HALVES(16, 80, X1, Y1);       \
	HALVES(32, 96, X2, Y2);       \
	HALVES(48, 112, X3, Y3);      \
	VUNPCKLPS Y1, Y0, Y4;         \
	VUNPCKHPS Y1, Y0, Y6;         \
	VUNPCKLPS Y3, Y2, Y5;         \
	VUNPCKHPS Y3, Y2, Y7;         \
	VSHUFPS $0xEE, Y5, Y4, Y0;    \
	VSHUFPS $0x44, Y5, Y4, Y4;    \
	VMOVAPS Y0, Y5;               \
	VSHUFPS $0xEE, Y7, Y6, Y0;    \
	VSHUFPS $0x44, Y7, Y6, Y6;    \
	VMOVAPS Y0, Y7
// Four rows of one to four.
#define SPLIT64_1 \
	VMOVUPS (SI), Y4
#define SPLIT64_2 \
	HALVES(0, 32, X0, Y0);        \
	HALVES(16, 48, X1, Y1);       \
	VUNPCKLPD Y1, Y0, Y4;         \
	VUNPCKHPD Y1, Y0, Y5
#define SPLIT64_3 \
	HALVES(0, 48, X0, Y0);        \ // x0 y0 | x2 y2
	HALVES(16, 64, X1, Y1);       \ // z0 x1 | z2 x3
	HALVES(32, 80, X2, Y2);       \ // y1 z1 | y3 z3
	VSHUFPD $0xA, Y1, Y0, Y4;     \
	VSHUFPD $0x5, Y2, Y0, Y5;     \
	VSHUFPD $0xA, Y2, Y1, Y6
#define SPLIT64_4 \
	HALVES(0, 64, X0, Y0);        \
	HALVES(32, 96, X1, Y1);       \
	HALVES(16, 80, X2, Y2);       \
	HALVES(48, 112, X3, Y3);      \
	VUNPCKLPD Y1, Y0, Y4;         \
	VUNPCKHPD Y1, Y0, Y5;         \
	VUNPCKLPD Y3, Y2, Y6;         \
	VUNPCKHPD Y3, Y2, Y7

#define PUT1 VMOVUPS Y4, (DI)
#define PUT2 PUT1; VMOVUPS Y5, 64(DI)
#define PUT3 PUT2; VMOVUPS Y6, 128(DI)
#define PUT4 PUT3; VMOVUPS Y7, 192(DI)

// Half a panel of d columns: 32·d bytes of rows. The second half lies 32 bytes
// on, the next panel the rest of 64·d.
#define SPLITHALF(d, SPLIT, PUT) \
	SPLIT;                        \
	PUT;                          \
	ADDQ $(32*d), SI;             \
	ADDQ $32, DI
#define SPLITALL(d, SPLIT, PUT, next) \
next: \
	PREFETCHT0 1024(SI);          \
	SPLITHALF(d, SPLIT, PUT);     \
	SPLITHALF(d, SPLIT, PUT);     \
	ADDQ $(64*(d-1)), DI;         \
	DECQ CX;                      \
	JNZ  next;                    \
	VZEROUPPER;                   \
	RET

#define SPLITPANELS(S1, S2, S3, S4) \
	MOVQ panel+0(FP), DI;         \
	MOVQ x+8(FP), SI;             \
	MOVQ n+16(FP), CX;            \
	MOVQ d+24(FP), DX;            \
	CMPQ DX, $2;                  \
	JLT  one;                     \
	JEQ  two;                     \
	CMPQ DX, $3;                  \
	JEQ  three;                   \
	SPLITALL(4, S4, PUT4, four);  \
	SPLITALL(3, S3, PUT3, three); \
	SPLITALL(2, S2, PUT2, two);   \
	SPLITALL(1, S1, PUT1, one)

// ---- direct ----
//
// Labels and distances of the rows of n panels by Σ(x−c)², added in column order;
// directTwo also puts the second least distances.
//
//	SI  panel    R8  centers    CX  centers left    R9  panel column    DX  columns left
//	AX  labels   BX  distances  R10 panels left     R11 bytes of a panel
//	Y0,Y1 best   Y2,Y3 index    Y4,Y5 distance      Y6 center element   Y7,Y8 temporaries
//	Y9  index of this center in the low bits of each element    Y10 ones
//	R12 second least distances, in Y11,Y12 so far

// The column at byte o of the panel, element c of the center; the first one sets
// the distance.
#define FIRSTTERM \
	BCAST (R8), Y6;           \
	SUB   (SI), Y6, Y4;       \
	SUB   32(SI), Y6, Y5;     \
	MUL   Y4, Y4, Y4;         \
	MUL   Y5, Y5, Y5
#define NEXTTERM(c) \
	BCAST (c*ES)(R8), Y6;     \
	SUB   (64*c)(SI), Y6, Y7; \
	SUB   (64*c+32)(SI), Y6, Y8; \
	MUL   Y7, Y7, Y7;         \
	MUL   Y8, Y8, Y8;         \
	ADD   Y7, Y4, Y4;         \
	ADD   Y8, Y5, Y5
#define TERMS1 FIRSTTERM
#define TERMS2 TERMS1; NEXTTERM(1)
#define TERMS3 TERMS2; NEXTTERM(2)
#define TERMS4 TERMS3; NEXTTERM(3)

#define CLOSER \
	CMP    $17, Y0, Y4, Y7;   \ // distance < best
	CMP    $17, Y1, Y5, Y8;   \
	BLEND  Y7, Y9, Y2, Y2;    \
	BLEND  Y8, Y9, Y3, Y3;    \
	NEXT;                     \
	MIN    Y0, Y4, Y0;        \
	MIN    Y1, Y5, Y1;        \
	ADDIDX Y10, Y9, Y9
#define NONEXT NOP
#define NONEXTPUT NOP
// second = min(second, max(best, distance)); a NaN distance changes nothing.
#define NEXTTWO \
	MAX    Y4, Y0, Y7;        \
	MAX    Y5, Y1, Y8;        \
	MIN    Y11, Y7, Y11;      \
	MIN    Y12, Y8, Y12
#define NEXTTWOPUT \
	LOAD   Y11, (R12);        \
	LOAD   Y12, 32(R12);      \
	ADDQ   $64, R12

#define DIRECTD(d, TERMS, PUTLABELS, panel, center, rank) \
panel: \
	MOVQ  centers+24(FP), R8; \
	MOVQ  k+32(FP), CX;       \
	BCAST INFINITY, Y0;       \
	VMOVAPS Y0, Y1;           \
	VMOVAPS Y0, Y11;          \
	VMOVAPS Y0, Y12;          \
	VPCMPEQD Y2, Y2, Y2;      \ // index −1: no center yet
	VMOVDQU Y2, Y3;           \
	VPXOR Y9, Y9, Y9;         \
	TESTQ CX, CX;             \
	JZ    rank;               \
	PCALIGN $32;              \
center: \
	TERMS;                    \
	CLOSER;                   \
	ADDQ  $(d*ES), R8;        \
	DECQ  CX;                 \
	JNZ   center;             \
rank: \
	LOAD  Y0, (BX);           \
	LOAD  Y1, 32(BX);         \
	NEXTPUT;                  \
	PUTLABELS;                \
	ADDQ  $64, BX;            \
	ADDQ  $(64*d), SI;        \
	DECQ  R10;                \
	JNZ   panel;              \
	VZEROUPPER;               \
	RET

// Any number of columns.
#define COLUMNS(column) \
	MOVQ   SI, R9;            \
	MOVQ   d+40(FP), DX;      \
	VXORPS Y4, Y4, Y4;        \
	VXORPS Y5, Y5, Y5;        \
column: \
	BCAST  (R8), Y6;          \
	SUB    (R9), Y6, Y7;      \
	SUB    32(R9), Y6, Y8;    \
	MUL    Y7, Y7, Y7;        \
	MUL    Y8, Y8, Y8;        \
	ADD    Y7, Y4, Y4;        \
	ADD    Y8, Y5, Y5;        \
	ADDQ   $ES, R8;           \
	ADDQ   $64, R9;           \
	DECQ   DX;                \
	JNZ    column
#define DIRECTANY(PUTLABELS, panel, center, column, rank) \
panel: \
	MOVQ  centers+24(FP), R8; \
	MOVQ  k+32(FP), CX;       \
	BCAST INFINITY, Y0;       \
	VMOVAPS Y0, Y1;           \
	VMOVAPS Y0, Y11;          \
	VMOVAPS Y0, Y12;          \
	VPCMPEQD Y2, Y2, Y2;      \
	VMOVDQU Y2, Y3;           \
	VPXOR Y9, Y9, Y9;         \
	TESTQ CX, CX;             \
	JZ    rank;               \
center: \
	COLUMNS(column);          \
	CLOSER;                   \
	DECQ  CX;                 \
	JNZ   center;             \
rank: \
	LOAD  Y0, (BX);           \
	LOAD  Y1, 32(BX);         \
	NEXTPUT;                  \
	PUTLABELS;                \
	ADDQ  $64, BX;            \
	ADDQ  R11, SI;            \
	DECQ  R10;                \
	JNZ   panel;              \
	VZEROUPPER;               \
	RET

#define DIRECT(PUTLABELS) \
	MOVQ  labels+0(FP), AX;   \
	MOVQ  dist+8(FP), BX;     \
	MOVQ  panel+16(FP), SI;   \
	MOVQ  d+40(FP), R11;      \
	MOVQ  n+48(FP), R10;      \
	BCAST ONE, Y10;           \
	CMPQ  R11, $4;            \
	JGT   many;               \
	JEQ   four;               \
	CMPQ  R11, $2;            \
	JEQ   two;                \
	JGT   three;              \
	DIRECTD(1, TERMS1, PUTLABELS, one, center1, rank1);     \
	DIRECTD(2, TERMS2, PUTLABELS, two, center2, rank2);     \
	DIRECTD(3, TERMS3, PUTLABELS, three, center3, rank3);   \
	DIRECTD(4, TERMS4, PUTLABELS, four, center4, rank4);    \
many: \
	SHLQ  $6, R11;            \
	DIRECTANY(PUTLABELS, panel, center, column, rank)

#define PUTLABELS32 \
	VMOVDQU Y2, (AX);         \
	VMOVDQU Y3, 32(AX);       \
	ADDQ    $64, AX
#define PUTLABELS64 \
	NARROW(Y2, X2, X4);       \
	NARROW(Y3, X3, X4);       \
	VMOVDQU X2, (AX);         \
	VMOVDQU X3, 16(AX);       \
	ADDQ    $32, AX

// ---- below ----
//
// Which of n scores of each row of a panel are below the row's limit: a bit set
// of the rows for each score.
//
//	DI  bit sets    SI  totals    CX  scores left    Y0,Y1 limits    Y2,Y3 comparisons

#define BELOW(score, done) \
	MOVQ bits+0(FP), DI;      \
	MOVQ totals+8(FP), SI;    \
	MOVQ limits+16(FP), AX;   \
	MOVQ n+24(FP), CX;        \
	LOAD (AX), Y0;            \
	LOAD 32(AX), Y1;          \
	TESTQ CX, CX;             \
	JZ   done;                \
score: \
	LOAD (SI), Y2;            \
	LOAD 32(SI), Y3;          \
	CMP  $17, Y0, Y2, Y2;     \
	CMP  $17, Y1, Y3, Y3;     \
	BITS Y2, AX;              \
	BITS Y3, BX;              \
	SHLL $(32/ES), BX;        \
	ORL  BX, AX;              \
	MOVL AX, (DI);            \
	ADDQ $64, SI;             \
	ADDQ $4, DI;              \
	DECQ CX;                  \
	JNZ  score;               \
done: \
	VZEROUPPER;               \
	RET

// The low halves of the four 64-bit integers of Y, to X.
#define NARROW(Y, X, T) \
	VEXTRACTF128 $1, Y, T; \
	VSHUFPS $0x88, T, X, X

// ---- squaredL2 and dot ----
//
// out[i·ldo] of row i of x and row idx[i] of y (row 0 when idx is nil), in
// lane order: 64 bytes of partial sums, added in halves at the end.
//
//	SI  row of x     R8  row of y     DI  out     R9  idx, or 0    CX  rows left
//	R10 ldx, R11 ldy, R12 ldo in bytes            AX  byte offset  DX  bytes in whole blocks
//	R13 y            BX  bytes left after them
//	Y0,Y1 partial sums   Y2,Y3 elements   Y4,Y5 partners   Y14,Y15 masks of the last block

// Partial sums of one block of 64 bytes; T is (x−y)² or xy, rounded before it is added.
#define TERMSQUARE(X, Y) \
	SUB Y, X, X; \
	MUL X, X, X
#define TERMDOT(X, Y) \
	MUL Y, X, X

// The eight (four) lanes of Y0 and Y1 to the first of X0.
#define FOLD32 \
	VADDPS Y1, Y0, Y0;         \
	VEXTRACTF128 $1, Y0, X1;   \
	VADDPS X1, X0, X0;         \
	VMOVHLPS X0, X0, X1;       \
	VADDPS X1, X0, X0;         \
	VMOVSHDUP X0, X1;          \
	VADDSS X1, X0, X0;         \
	VMOVSS X0, (DI)
#define FOLD64 \
	VADDPD Y1, Y0, Y0;         \
	VEXTRACTF128 $1, Y0, X1;   \
	VADDPD X1, X0, X0;         \
	VUNPCKHPD X0, X0, X1;      \
	VADDSD X1, X0, X0;         \
	VMOVSD X0, (DI)

#define PAIRS(TERM, FOLD, row, partner, block, tail, fold, done) \
	MOVQ out+0(FP), DI;              \
	MOVQ x+8(FP), SI;                \
	MOVQ y+16(FP), R13;              \
	MOVQ idx+24(FP), R9;             \
	MOVQ n+32(FP), CX;               \
	MOVQ d+40(FP), DX;               \
	MOVQ ldo+48(FP), R12;            \
	MOVQ ldx+56(FP), R10;            \
	MOVQ ldy+64(FP), R11;            \
	IMULQ $ES, DX;                   \
	IMULQ $ES, R12;                  \
	IMULQ $ES, R10;                  \
	IMULQ $ES, R11;                  \
	MOVQ DX, BX;                     \
	ANDQ $-64, DX;                   \
	ANDQ $63, BX;                    \
	LEAQ tailMask<>+64(SB), AX;      \
	SUBQ BX, AX;                     \
	VMOVUPS (AX), Y14;               \
	VMOVUPS 32(AX), Y15;             \
	MOVQ R13, R8;                    \
	TESTQ CX, CX;                    \
	JZ   done;                       \
row: \
	TESTQ R9, R9;                    \
	JZ   partner;                    \
	MOVLQSX (R9), R8;                \
	IMULQ R11, R8;                   \
	ADDQ R13, R8;                    \
	ADDQ $4, R9;                     \
partner: \
	VXORPS Y0, Y0, Y0;               \
	VXORPS Y1, Y1, Y1;               \
	XORQ AX, AX;                     \
	CMPQ AX, DX;                     \
	JGE  tail;                       \
block: \
	LOAD (SI)(AX*1), Y2;             \
	LOAD 32(SI)(AX*1), Y3;           \
	TERM(Y2, (R8)(AX*1));            \
	TERM(Y3, 32(R8)(AX*1));          \
	ADD  Y2, Y0, Y0;                 \
	ADD  Y3, Y1, Y1;                 \
	ADDQ $64, AX;                    \
	CMPQ AX, DX;                     \
	JLT  block;                      \
tail: \
	TESTQ BX, BX;                    \
	JZ   fold;                       \
	MASKLOAD (SI)(AX*1), Y14, Y2;    \
	MASKLOAD 32(SI)(AX*1), Y15, Y3;  \
	MASKLOAD (R8)(AX*1), Y14, Y4;    \
	MASKLOAD 32(R8)(AX*1), Y15, Y5;  \
	TERM(Y2, Y4);                    \
	TERM(Y3, Y5);                    \
	ADD  Y2, Y0, Y0;                 \
	ADD  Y3, Y1, Y1;                 \
fold: \
	FOLD;                            \
	ADDQ R10, SI;                    \
	ADDQ R12, DI;                    \
	DECQ CX;                         \
	JNZ  row;                        \
done: \
	VZEROUPPER;                      \
	RET

// ---- accumulate ----
//
// Adds rows to the fixed-point sums of their clusters (Sums in sums.go), four
// elements at a time: y = x·w·2^e, hi += rint(y), lo += rint((y − rint(y))·lift).
//
//	SI  row      R8  labels    R9  weights, or 0    CX  rows left
//	DI  hi       R10 lo        R11 bytes from row to row, R12 bytes per cluster
//	AX  byte offset in the sums    DX  element of the row    BX  columns left
//	R13 bytes to the next row, which is fetched into the cache; later a temporary
//	Y15 magic    Y14 lift    Y13 w·2^e    Y12 mask of the last block    Y0… temporaries

// The integers of four elements in Y0: hi to Y1, and the exact rest to Y2; this to lo.
#define WHOLES \
	VMULPD Y13, Y0, Y0;        \ // y
	VADDPD Y15, Y0, Y1;        \ // integer part, in the low bits
	VSUBPD Y15, Y1, Y2;        \
	VSUBPD Y2, Y0, Y2;         \
	VPSUBQ Y15, Y1, Y1
#define RESTS \
	VMULPD Y14, Y2, Y2;        \
	VADDPD Y15, Y2, Y2;        \
	VPSUBQ Y15, Y2, Y2

#define ADDWHOLES \
	VPADDQ (DI)(AX*1), Y1, Y1; \
	VMOVDQU Y1, (DI)(AX*1)
#define ADDRESTS \
	RESTS;                     \
	VPADDQ (R10)(AX*1), Y2, Y2;\
	VMOVDQU Y2, (R10)(AX*1)

#define FIXED(exact) \
	WHOLES;                    \
	ADDWHOLES;                 \
	ADDRESTS;                  \
	ADDQ $32, AX

// The same for elements that hardly ever have a rest: of float32, whose 24 bits fit hi unless an
// element is small beside the largest.
#define FIXEDEXACT(exact) \
	WHOLES;                    \
	ADDWHOLES;                 \
	VPTEST Y2, Y2;             \
	JZ     exact;              \
	ADDRESTS;                  \
exact: \
	ADDQ $32, AX

#define ACCUMULATE(BYTES, LOADFOUR, LOADREST, FIXED, row, listed, ahead, weighted, four, exact, rest, last, next, done) \
	MOVQ hi+0(FP), DI;               \
	MOVQ lo+8(FP), R10;              \
	MOVQ x+16(FP), SI;               \
	MOVQ labels+32(FP), R8;          \
	MOVQ weights+40(FP), R9;         \
	MOVQ n+48(FP), CX;               \
	MOVQ ld+64(FP), R11;             \
	MOVQ lds+72(FP), R12;            \
	IMULQ $BYTES, R11;               \
	SHLQ $3, R12;                    \
	VBROADCASTSD magic<>(SB), Y15;   \
	VBROADCASTSD lift+88(FP), Y14;   \
	VBROADCASTSD scale+80(FP), Y13;  \
	MOVQ d+56(FP), BX;               \
	ANDQ $3, BX;                     \
	IMULQ $BYTES, BX;                \
	LEAQ tailMask<>+64(SB), AX;      \
	SUBQ BX, AX;                     \
	VMOVUPS (AX), Y12;               \
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
	VBROADCASTSD (R9), Y13;          \
	VBROADCASTSD scale+80(FP), Y0;   \
	VMULPD Y0, Y13, Y13;             \
weighted: \
	MOVQ SI, DX;                     \
	MOVQ d+56(FP), BX;               \
	SUBQ $4, BX;                     \
	JLT  rest;                       \
four: \
	PREFETCHT0 (DX)(R13*1);          \
	LOADFOUR (DX), Y0;               \
	FIXED(exact);                    \
	ADDQ $(4*BYTES), DX;             \
	SUBQ $4, BX;                     \
	JGE  four;                       \
rest: \
	ADDQ $4, BX;                     \
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

// ---- transfer ----
//
// Listed rows go from one cluster's sums to another's: the integers of accumulate,
// added there and taken away here.
//
//	registers as for accumulate; R8 the labels that rows go to, AX and R13 byte offsets
//	of the sums they go to and come from; rows and from are kept in their arguments

#define MOVEWHOLES \
	VPADDQ (DI)(AX*1), Y1, Y3; \
	VMOVDQU Y3, (DI)(AX*1);    \
	VMOVDQU (DI)(R13*1), Y3;   \
	VPSUBQ Y1, Y3, Y3;         \
	VMOVDQU Y3, (DI)(R13*1)
#define MOVERESTS \
	RESTS;                     \
	VPADDQ (R10)(AX*1), Y2, Y4;\
	VMOVDQU Y4, (R10)(AX*1);   \
	VMOVDQU (R10)(R13*1), Y4;  \
	VPSUBQ Y2, Y4, Y4;         \
	VMOVDQU Y4, (R10)(R13*1)

#define TRANSFERRED(exact) \
	WHOLES;                    \
	MOVEWHOLES;                \
	MOVERESTS;                 \
	ADDQ $32, AX;              \
	ADDQ $32, R13
#define TRANSFERREDEXACT(exact) \
	WHOLES;                    \
	MOVEWHOLES;                \
	VPTEST Y2, Y2;             \
	JZ     exact;              \
	MOVERESTS;                 \
exact: \
	ADDQ $32, AX;              \
	ADDQ $32, R13

#define TRANSFER(BYTES, LOADFOUR, LOADREST, TRANSFERRED, row, weighted, four, exact, rest, last, next, done) \
	MOVQ hi+0(FP), DI;               \
	MOVQ lo+8(FP), R10;              \
	MOVQ to+40(FP), R8;              \
	MOVQ weights+48(FP), R9;         \
	MOVQ n+56(FP), CX;               \
	MOVQ ld+72(FP), R11;             \
	MOVQ lds+80(FP), R12;            \
	IMULQ $BYTES, R11;               \
	SHLQ $3, R12;                    \
	VBROADCASTSD magic<>(SB), Y15;   \
	VBROADCASTSD lift+96(FP), Y14;   \
	VBROADCASTSD scale+88(FP), Y13;  \
	MOVQ d+64(FP), BX;               \
	ANDQ $3, BX;                     \
	IMULQ $BYTES, BX;                \
	LEAQ tailMask<>+64(SB), AX;      \
	SUBQ BX, AX;                     \
	VMOVUPS (AX), Y12;               \
	TESTQ CX, CX;                    \
	JZ   done;                       \
row: \
	MOVQ rows+24(FP), R13;           \
	MOVLQSX (R13), DX;               \ // the row that the list gives
	ADDQ $4, R13;                    \
	MOVQ R13, rows+24(FP);           \
	IMULQ R11, DX;                   \
	ADDQ x+16(FP), DX;               \
	MOVQ from+32(FP), SI;            \
	MOVLQSX (SI), R13;               \
	ADDQ $4, SI;                     \
	MOVQ SI, from+32(FP);            \
	MOVLQSX (R8), AX;                \
	IMULQ R12, R13;                  \
	IMULQ R12, AX;                   \
	TESTQ R9, R9;                    \
	JZ   weighted;                   \
	VBROADCASTSD (R9), Y13;          \
	VBROADCASTSD scale+88(FP), Y0;   \
	VMULPD Y0, Y13, Y13;             \
	ADDQ $8, R9;                     \
weighted: \
	MOVQ d+64(FP), BX;               \
	SUBQ $4, BX;                     \
	JLT  rest;                       \
four: \
	LOADFOUR (DX), Y0;               \
	TRANSFERRED(exact);              \
	ADDQ $(4*BYTES), DX;             \
	SUBQ $4, BX;                     \
	JGE  four;                       \
rest: \
	ADDQ $4, BX;                     \
	JZ   next;                       \
	LOADREST;                        \
	TRANSFERRED(last);               \
next: \
	ADDQ $4, R8;                     \
	DECQ CX;                         \
	JNZ  row;                        \
done: \
	VZEROUPPER;                      \
	RET

#define REST32 \
	VMASKMOVPS (DX), X12, X0; \
	VCVTPS2PD X0, Y0
#define REST64 \
	VMASKMOVPD (DX), Y12, Y0

// ---- float32 ----

#define NEXT NONEXT
#define NEXTPUT NONEXTPUT
#define HALFNORM(c, A, B) BCAST (c*ES)(R10), A; VMOVAPS A, B
#define MADD(A, B) FMA Y14, Y12, A; FMA Y14, Y13, B
#define BCAST VBROADCASTSS
#define LOAD VMOVUPS
#define MASKLOAD VMASKMOVPS
#define FMA VFMADD231PS
#define ADD VADDPS
#define SUB VSUBPS
#define MUL VMULPS
#define MAX VMAXPS
#define MIN VMINPS
#define CMP VCMPPS
#define BLEND VBLENDVPS
#define SQRT VSQRTPS
#define BITS VMOVMSKPS
#define ADDIDX VPADDD
#define ES 4
#define INFINITY inf32<>(SB)
#define ONE one32<>(SB)
#define PLACES ·places32(SB)
#define PLACE(c) ·place32+32*c(SB)

// func packF32AVX2(panel, norms, x, shift unsafe.Pointer, n, ld, d int)
TEXT ·packF32AVX2(SB), NOSPLIT, $16-56
	MOVQ n+32(FP), AX
	DECQ AX
	MOVQ AX, last-8(SP)
	MOVQ $0, half-16(SP) // byte offset of this half in a panel column
	MOVQ ld+40(FP), CX
	SHLQ $2, CX

half:
	CMPQ AX, $7
	JLT  repeat
	MOVQ x+16(FP), R8
	LEAQ (R8)(CX*1), R9
	LEAQ (R8)(CX*2), R10
	LEAQ (R9)(CX*2), R11
	LEAQ (R8)(CX*4), R12
	LEAQ (R9)(CX*4), R13
	LEAQ (R10)(CX*4), SI
	LEAQ (R11)(CX*4), DX
	JMP  rows

repeat:
	ROWPTR(0, R8)
	ROWPTR(1, R9)
	ROWPTR(2, R10)
	ROWPTR(3, R11)
	ROWPTR(4, R12)
	ROWPTR(5, R13)
	ROWPTR(6, SI)
	ROWPTR(7, DX)

rows:
	VXORPS Y10, Y10, Y10
	VXORPS Y11, Y11, Y11
	VXORPS Y12, Y12, Y12
	VXORPS Y13, Y13, Y13
	MOVQ   panel+0(FP), DI
	ADDQ   half-16(SP), DI
	MOVQ   shift+24(FP), BX

	// The rows that follow this panel, should they be without gaps: ahead of
	// time if a panel leaves room for them in the cache, else as they are read.
	SHLQ $4, CX
	MOVQ x+16(FP), AX
	ADDQ AX, CX
	CMPQ d+48(FP), $256
	CMOVQLE CX, AX

	// Columns count up to 0: pointers to the end of the whole blocks.
	MOVQ d+48(FP), CX
	SHLQ $2, CX
	ANDQ $-16, CX
	ADDQ CX, BX
	ADDQ CX, R8
	ADDQ CX, R9
	ADDQ CX, R10
	ADDQ CX, R11
	ADDQ CX, R12
	ADDQ CX, R13
	ADDQ CX, SI
	ADDQ CX, DX
	NEGQ CX
	JZ   tail

block: // four columns
	PREFETCHT0 (AX)
	PREFETCHT0 64(AX)
	ADDQ $128, AX
	VBROADCASTF128 (BX)(CX*1), Y15
	TWOROWS32(R8, R12, X0, Y0)
	TWOROWS32(R9, R13, X1, Y1)
	TWOROWS32(R10, SI, X2, Y2)
	TWOROWS32(R11, DX, X3, Y3)
	TRANSPOSE32
	JNZ  block

tail: // the last d mod 4 columns, the rest of the four zero
	VBROADCASTF128 (BX)(CX*1), Y15
	MOVQ d+48(FP), AX
	ANDQ $3, AX
	JZ   norms
	SHLQ $2, AX
	LEAQ tailMask<>+64(SB), BX
	SUBQ AX, BX
	VMOVUPS (BX), X14
	TWOTAILS32(R8, R12, X0, Y0)
	TWOTAILS32(R9, R13, X1, Y1)
	TWOTAILS32(R10, SI, X2, Y2)
	TWOTAILS32(R11, DX, X3, Y3)
	TRANSPOSE32

norms:
	VADDPS  Y11, Y10, Y10
	VADDPS  Y13, Y12, Y12
	VADDPS  Y10, Y12, Y12
	MOVQ    norms+8(FP), DI
	ADDQ    half-16(SP), DI
	VMOVUPS Y12, (DI)

	// The other half: rows 8 to 15, or the last row when there are fewer.
	CMPQ    half-16(SP), $0
	JNE     done
	MOVQ    $32, half-16(SP)
	MOVQ    last-8(SP), BX
	MOVQ    BX, AX
	XORQ    DX, DX
	SUBQ    $8, AX
	CMOVQLT DX, AX          // of the rows left; none: row n−1 is the only one
	SUBQ    AX, BX          // rows done: 8, or n−1
	MOVQ    ld+40(FP), CX
	SHLQ    $2, CX
	IMULQ   CX, BX
	ADDQ    BX, x+16(FP)
	JMP     half

done:
	VZEROUPPER
	RET

// func nearestF32AVX2(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)
TEXT ·nearestF32AVX2(SB), NOSPLIT, $0-80
	NEAREST

// func settleF32AVX2(labels, next, state, norms, bound unsafe.Pointer) (settled uint64)
TEXT ·settleF32AVX2(SB), NOSPLIT, $0-48
	MOVQ next+8(FP), SI
	MOVQ labels+0(FP), AX
	MOVQ state+16(FP), BX
	MOVQ norms+24(FP), CX
	MOVQ bound+32(FP), DX
	VXORPS Y14, Y14, Y14
	BCAST INFINITY, Y15
	BCAST PLACES, Y13
	SETTLE(0, R8)
	VMOVDQU Y2, (AX)
	SETTLE(32, R9)
	VMOVDQU Y2, 32(AX)
	SHLQ $8, R9
	ORQ  R9, R8
	MOVQ R8, settled+40(FP)
	VZEROUPPER
	RET

// func directF32AVX2(labels, dist, panel, centers unsafe.Pointer, k, d, n int)
TEXT ·directF32AVX2(SB), NOSPLIT, $0-56
	DIRECT(PUTLABELS32)

#undef NEXT
#undef NEXTPUT
#define NEXT NEXTTWO
#define NEXTPUT NEXTTWOPUT

// func directTwoF32AVX2(labels, dist, panel, centers unsafe.Pointer, k, d, n int, second unsafe.Pointer)
TEXT ·directTwoF32AVX2(SB), NOSPLIT, $0-64
	MOVQ second+56(FP), R12
	DIRECT(PUTLABELS32)

#undef NEXT
#undef NEXTPUT
#define NEXT NONEXT
#define NEXTPUT NONEXTPUT

// func splitF32AVX2(panel, x unsafe.Pointer, n, d int)
TEXT ·splitF32AVX2(SB), NOSPLIT, $0-32
	SPLITPANELS(SPLIT32_1, SPLIT32_2, SPLIT32_3, SPLIT32_4)

// func belowF32AVX2(bits, totals, limits unsafe.Pointer, n int)
TEXT ·belowF32AVX2(SB), NOSPLIT, $0-32
	BELOW(score, done)

// func squaredL2F32AVX2(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)
TEXT ·squaredL2F32AVX2(SB), NOSPLIT, $0-72
	PAIRS(TERMSQUARE, FOLD32, row, partner, block, tail, fold, done)

// func dotF32AVX2(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)
TEXT ·dotF32AVX2(SB), NOSPLIT, $0-72
	PAIRS(TERMDOT, FOLD32, row, partner, block, tail, fold, done)

// func accumulateF32AVX2(hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)
TEXT ·accumulateF32AVX2(SB), NOSPLIT, $0-96
	ACCUMULATE(4, VCVTPS2PD, REST32, FIXEDEXACT, row, listed, ahead, weighted, four, exact, rest, last, next, done)

// func transferF32AVX2(hi, lo, x, rows, from, to, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)
TEXT ·transferF32AVX2(SB), NOSPLIT, $0-104
	TRANSFER(4, VCVTPS2PD, REST32, TRANSFERREDEXACT, row, weighted, four, exact, rest, last, next, done)

// ---- float64 ----

#undef BCAST
#undef LOAD
#undef MASKLOAD
#undef FMA
#undef ADD
#undef SUB
#undef MUL
#undef MAX
#undef MIN
#undef CMP
#undef BLEND
#undef SQRT
#undef BITS
#undef ADDIDX
#undef ES
#undef PLACES
#undef INFINITY
#undef ONE
#undef PLACE
#define BCAST VBROADCASTSD
#define LOAD VMOVUPD
#define MASKLOAD VMASKMOVPD
#define FMA VFMADD231PD
#define ADD VADDPD
#define SUB VSUBPD
#define MUL VMULPD
#define MAX VMAXPD
#define MIN VMINPD
#define CMP VCMPPD
#define BLEND VBLENDVPD
#define SQRT VSQRTPD
#define BITS VMOVMSKPD
#define ADDIDX VPADDQ
#define ES 8
#define INFINITY inf64<>(SB)
#define ONE one64<>(SB)
#define PLACES ·places64(SB)
#define PLACE(c) ·place64+32*c(SB)

// func packF64AVX2(panel, norms, x, shift unsafe.Pointer, n, ld, d int)
TEXT ·packF64AVX2(SB), NOSPLIT, $16-56
	MOVQ n+32(FP), AX
	DECQ AX
	MOVQ AX, last-8(SP)
	MOVQ $0, half-16(SP)
	MOVQ ld+40(FP), CX
	SHLQ $3, CX

half:
	CMPQ AX, $3
	JLT  repeat
	MOVQ x+16(FP), R8
	LEAQ (R8)(CX*1), R9
	LEAQ (R8)(CX*2), R10
	LEAQ (R9)(CX*2), R11
	JMP  rows

repeat:
	ROWPTR(0, R8)
	ROWPTR(1, R9)
	ROWPTR(2, R10)
	ROWPTR(3, R11)

rows:
	VXORPD Y12, Y12, Y12
	VXORPD Y13, Y13, Y13
	MOVQ   panel+0(FP), DI
	ADDQ   half-16(SP), DI
	MOVQ   shift+24(FP), BX

	// The rows that follow this panel, should they be without gaps: ahead of
	// time if a panel leaves room for them in the cache, else as they are read.
	SHLQ $3, CX
	MOVQ x+16(FP), AX
	ADDQ AX, CX
	CMPQ d+48(FP), $256
	CMOVQLE CX, AX

	// Columns count up to 0: pointers to the end of the whole blocks.
	MOVQ d+48(FP), CX
	SHLQ $3, CX
	ANDQ $-16, CX
	ADDQ CX, BX
	ADDQ CX, R8
	ADDQ CX, R9
	ADDQ CX, R10
	ADDQ CX, R11
	NEGQ CX
	JZ   tail

block: // two columns
	PREFETCHT0 (AX)
	ADDQ $64, AX
	VBROADCASTF128 (BX)(CX*1), Y15
	TWOROWS64(R8, R10, X0, Y0)
	TWOROWS64(R9, R11, X1, Y1)
	TRANSPOSE64
	JNZ  block

tail: // an odd last column, and one of zeros
	VBROADCASTF128 (BX)(CX*1), Y15
	TESTQ $1, d+48(FP)
	JZ    norms
	TWOTAILS64(R8, R10, X0, Y0)
	TWOTAILS64(R9, R11, X1, Y1)
	TRANSPOSE64

norms:
	VADDPD  Y13, Y12, Y12
	MOVQ    norms+8(FP), DI
	ADDQ    half-16(SP), DI
	VMOVUPD Y12, (DI)

	// The other half: rows 4 to 7, or the last row when there are fewer.
	CMPQ    half-16(SP), $0
	JNE     done
	MOVQ    $32, half-16(SP)
	MOVQ    last-8(SP), BX
	MOVQ    BX, AX
	XORQ    DX, DX
	SUBQ    $4, AX
	CMOVQLT DX, AX
	SUBQ    AX, BX
	MOVQ    ld+40(FP), CX
	SHLQ    $3, CX
	IMULQ   CX, BX
	ADDQ    BX, x+16(FP)
	JMP     half

done:
	VZEROUPPER
	RET

// func nearestF64AVX2(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)
TEXT ·nearestF64AVX2(SB), NOSPLIT, $0-80
	NEAREST

// func settleF64AVX2(labels, next, state, norms, bound unsafe.Pointer) (settled uint64)
TEXT ·settleF64AVX2(SB), NOSPLIT, $0-48
	MOVQ next+8(FP), SI
	MOVQ labels+0(FP), AX
	MOVQ state+16(FP), BX
	MOVQ norms+24(FP), CX
	MOVQ bound+32(FP), DX
	VXORPS Y14, Y14, Y14
	BCAST INFINITY, Y15
	BCAST PLACES, Y13
	SETTLE(0, R8)
	NARROW(Y2, X2, X3)
	VMOVDQU X2, (AX)
	SETTLE(32, R9)
	NARROW(Y2, X2, X3)
	VMOVDQU X2, 16(AX)
	SHLQ $4, R9
	ORQ  R9, R8
	MOVQ R8, settled+40(FP)
	VZEROUPPER
	RET

// func directF64AVX2(labels, dist, panel, centers unsafe.Pointer, k, d, n int)
TEXT ·directF64AVX2(SB), NOSPLIT, $0-56
	DIRECT(PUTLABELS64)

#undef NEXT
#undef NEXTPUT
#define NEXT NEXTTWO
#define NEXTPUT NEXTTWOPUT

// func directTwoF64AVX2(labels, dist, panel, centers unsafe.Pointer, k, d, n int, second unsafe.Pointer)
TEXT ·directTwoF64AVX2(SB), NOSPLIT, $0-64
	MOVQ second+56(FP), R12
	DIRECT(PUTLABELS64)

#undef NEXT
#undef NEXTPUT
#define NEXT NONEXT
#define NEXTPUT NONEXTPUT

// func splitF64AVX2(panel, x unsafe.Pointer, n, d int)
TEXT ·splitF64AVX2(SB), NOSPLIT, $0-32
	SPLITPANELS(SPLIT64_1, SPLIT64_2, SPLIT64_3, SPLIT64_4)

// func belowF64AVX2(bits, totals, limits unsafe.Pointer, n int)
TEXT ·belowF64AVX2(SB), NOSPLIT, $0-32
	BELOW(score, done)

// func squaredL2F64AVX2(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)
TEXT ·squaredL2F64AVX2(SB), NOSPLIT, $0-72
	PAIRS(TERMSQUARE, FOLD64, row, partner, block, tail, fold, done)

// func dotF64AVX2(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)
TEXT ·dotF64AVX2(SB), NOSPLIT, $0-72
	PAIRS(TERMDOT, FOLD64, row, partner, block, tail, fold, done)

// func accumulateF64AVX2(hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)
TEXT ·accumulateF64AVX2(SB), NOSPLIT, $0-96
	ACCUMULATE(8, VMOVUPD, REST64, FIXED, row, listed, ahead, weighted, four, exact, rest, last, next, done)

// func transferF64AVX2(hi, lo, x, rows, from, to, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)
TEXT ·transferF64AVX2(SB), NOSPLIT, $0-104
	TRANSFER(8, VMOVUPD, REST64, TRANSFERRED, row, weighted, four, exact, rest, last, next, done)

// ---- moved ----
//
// The numbers of the rows whose label is not the old one, eight at a time.
//
//	DI  rows    SI  labels    DX  old labels    CX  labels left
//	R8  number of the row, or of the first of eight    R9  number found
//	AX  bits of those that moved    BX  one of them
//	Y0 labels

// func movedAVX2(rows, labels, old unsafe.Pointer, n int) (found int)
TEXT ·movedAVX2(SB), NOSPLIT, $0-40
	MOVQ rows+0(FP), DI
	MOVQ labels+8(FP), SI
	MOVQ old+16(FP), DX
	MOVQ n+24(FP), CX
	XORQ R8, R8
	XORQ R9, R9
	SUBQ $8, CX
	JLT  rest

eight:
	VMOVDQU   (SI)(R8*4), Y0
	VPCMPEQD  (DX)(R8*4), Y0, Y0
	VMOVMSKPS Y0, AX
	XORL      $0xFF, AX
	JZ        next

bit:
	TZCNTL AX, BX
	ADDL   R8, BX
	MOVL   BX, (DI)(R9*4)
	INCQ   R9
	BLSRL  AX, AX
	JNZ    bit

next:
	ADDQ $8, R8
	SUBQ $8, CX
	JGE  eight

rest:
	ADDQ $8, CX
	JZ   done

one:
	MOVL (SI)(R8*4), AX
	MOVL R8, (DI)(R9*4)
	XORL BX, BX
	CMPL AX, (DX)(R8*4)
	SETNE BX
	ADDQ BX, R9
	INCQ R8
	DECQ CX
	JNZ  one

done:
	MOVQ R9, found+32(FP)
	VZEROUPPER
	RET
