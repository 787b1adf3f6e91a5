//go:build !purego

#include "textflag.h"
#include "nearest_amd64.h"

// The kernels on rows and centers of 16-bit integers, for AVX2 (quantized.go has
// the number format and the proof). Layouts, beside those of kernel_amd64.s:
//
//	panel   columns of 64 bytes: the elements of two columns of each of 16 rows
//	group   n half squared norms ½‖c‖² (float32) and the index of the first
//	        center, then columns of n pairs of negated elements
//	state   best, runner-up (int32), index, factor (float32), third best (int32) and
//	        the runner-up's index of each row: the factor turns ½‖c‖² into the row's unit
//	format  float32 each: 0 most, the largest element; 1 radius, the largest norm
//	        of a center; 2 scale of the centers; 3 what makes a root an upper bound
//	bound   float32 each: 0 fixed, 1 per unit of residual, 2 per ‖x‖², 3 per best,
//	        4 largest ‖x‖²

DATA minusHalf<>+0(SB)/4, $0xBF000000
GLOBL minusHalf<>(SB), RODATA|NOPTR, $4

#define ES 4
#define BCAST VPBROADCASTD
#define ADD VPADDD
#define MAX VPMAXSD
#define MIN VPMINSD
#define BLEND VBLENDVPS
#define PLACES ·places32(SB)
#define PLACE(c) ·place32+32*c(SB)

// ½‖c‖² in the units of the rows, as integers.
#define HALFNORM(c, A, B) \
	VBROADCASTSS (4*c)(R10), Y14; \
	VMULPS    192(BX), Y14, A;    \
	VMULPS    224(BX), Y14, B;    \
	VCVTPS2DQ A, A;               \
	VCVTPS2DQ B, B
#define MADD(A, B) \
	VPMADDWD Y12, Y14, Y15;        \
	VPMADDWD Y13, Y14, Y14;        \
	VPADDD   Y15, A, A;            \
	VPADDD   Y14, B, B

// A center's scores against the best three of each row so far, after their lowest bits
// have become the center's place in the group.
#define RANK(c, A) \
	VPAND ·placesVector(SB), A, A; \
	VPOR  PLACE(c), A, A;          \
	MAX   A, Y12, Y15;             \
	MIN   Y12, A, Y12;             \
	MAX   Y15, Y13, A;             \
	MIN   Y15, Y13, Y13;           \
	MIN   A, Y14, Y14

// Ranks the half of the panel at byte o of the state. The runner-up's index is that of
// the old best where this became the runner-up, else this group's where it fell.
#define RANKHALF(o, n, EACH, HALF) \
	VMOVDQU o(BX), Y12;            \
	VMOVDQU (64+o)(BX), Y13;       \
	VMOVDQU (256+o)(BX), Y14;      \
	EACH(HALF, n);                 \
	VMOVDQU o(BX), Y0;             \
	VPCMPGTD Y12, Y0, Y2;          \ // a new best
	VMOVDQU (64+o)(BX), Y4;        \
	VPCMPGTD Y13, Y4, Y4;          \ // a new runner-up
	VPCMPEQD Y13, Y0, Y6;          \
	VPAND   Y2, Y6, Y6;            \ // which is the old best
	BCAST   (n*ES)(R10), Y15;      \
	VMOVDQU (320+o)(BX), Y0;       \
	VBLENDVPS Y4, Y15, Y0, Y0;     \
	VMOVDQU (128+o)(BX), Y4;       \
	VBLENDVPS Y6, Y4, Y0, Y0;      \
	VBLENDVPS Y2, Y15, Y4, Y4;     \
	VMOVDQU Y12, o(BX);            \
	VMOVDQU Y13, (64+o)(BX);       \
	VMOVDQU Y14, (256+o)(BX);      \
	VMOVDQU Y4, (128+o)(BX);       \
	VMOVDQU Y0, (320+o)(BX)

// ---- quantize ----
//
// A panel of 16 rows of float32, with the squared norm of each, to one of 16-bit
// integers: each row times the scale that makes its norm, or the radius if that
// is larger, the most an element may be. Leaves the rows' factors in the state, and
// the norm of what rounding took away from each row.
//
//	DI  panel    SI  float panel    BX  state    R8  norms    R9  residuals
//	DX  format   CX  pairs of columns left
//	Y8,Y9   scales    Y10…Y13  sums of squares of residuals    Y0…Y7  temporaries

// The scales of the half at byte o.
#define SCALE(o, S) \
	VSQRTPS o(R8), S;             \
	VMULPS  Y14, S, S;            \
	VMAXPS  Y13, S, S;            \
	VDIVPS  S, Y12, S;            \
	VMULPS  Y15, S, Y0;           \
	VMOVUPS Y0, (192+o)(BX)

// Half a column times the scale in Y, and as integers in Q.
#define ROUND(o, S, Y, Q) \
	VMULPS    o(SI), S, Y;        \
	VCVTPS2DQ Y, Q
// The integers of two columns side by side.
#define JOIN(Q, P, Y, o) \
	VPSLLD   $16, P, Y;           \
	VPBLENDW $0xAA, Y, Q, Y;      \
	VMOVDQU  Y, o(DI)
// The square of what Q lost of Y, added to the sum R.
#define LOST(Y, Q, R) \
	VCVTDQ2PS   Q, Q;             \
	VSUBPS      Q, Y, Y;          \
	VFMADD231PS Y, Y, R

// func quantizeF32AVX2(panel, state, residuals, x, norms, format unsafe.Pointer, pairs int)
TEXT ·quantizeF32AVX2(SB), NOSPLIT, $0-56
	MOVQ panel+0(FP), DI
	MOVQ state+8(FP), BX
	MOVQ residuals+16(FP), R9
	MOVQ x+24(FP), SI
	MOVQ norms+32(FP), R8
	MOVQ format+40(FP), DX
	MOVQ pairs+48(FP), CX

	// Scales and factors.
	VBROADCASTSS (DX), Y12
	VBROADCASTSS 4(DX), Y13
	VBROADCASTSS 8(DX), Y15
	VBROADCASTSS 12(DX), Y14
	SCALE(0, Y8)
	SCALE(32, Y9)
	VXORPS Y10, Y10, Y10
	VXORPS Y11, Y11, Y11
	VXORPS Y12, Y12, Y12
	VXORPS Y13, Y13, Y13
	PCALIGN $32

pair:
	ROUND(0, Y8, Y0, Y4)
	ROUND(32, Y9, Y1, Y5)
	ROUND(64, Y8, Y2, Y6)
	ROUND(96, Y9, Y3, Y7)
	JOIN(Y4, Y6, Y14, 0)
	JOIN(Y5, Y7, Y15, 32)
	LOST(Y0, Y4, Y10)
	LOST(Y1, Y5, Y11)
	LOST(Y2, Y6, Y12)
	LOST(Y3, Y7, Y13)
	ADDQ $128, SI
	ADDQ $64, DI
	DECQ CX
	JNZ  pair

	VADDPS  Y12, Y10, Y10
	VADDPS  Y13, Y11, Y11
	VSQRTPS Y10, Y10
	VSQRTPS Y11, Y11
	VMOVUPS Y10, (R9)
	VMOVUPS Y11, 32(R9)
	VZEROUPPER
	RET

// func nearestI16AVX2(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)
TEXT ·nearestI16AVX2(SB), NOSPLIT, $0-80
	NEAREST

// ---- settle ----
//
// A row is settled when runner-up − best > T = fixed + residual·b1 +
// factor·b2·‖x‖² + best·b3, and ‖x‖² ≤ most; it is a pair when the same holds for the
// third best: then its center is that of the best or that of the runner-up. Runner-up and
// third less T/2, over the factor, are lower bounds of the second and third least score.
//
//	AX  labels    SI  seconds    BX  state    CX  norms    R9  residuals    DX  bound
//	R11 labels of the runners-up    R12 thirds
//	Y0 best  Y1 runner-up  Y2 index  Y3 ‖x‖²  Y4 T  Y5,Y6 temporaries  Y7 factor
//	Y8 third best    Y12 −½  Y13 mask of places  Y14 zero  Y15 largest int32

// The half of the panel at byte o: settled rows and pairs as bit masks in R and P.
#define SETTLE(o, R, P) \
	VMOVDQU o(BX), Y0;               \
	VMOVDQU (64+o)(BX), Y1;          \
	VMOVDQU (256+o)(BX), Y8;         \
	VMOVUPS (192+o)(BX), Y7;         \
	VMOVUPS o(CX), Y3;               \
	VPANDN  Y0, Y13, Y2;             \
	VPADDD  (128+o)(BX), Y2, Y2;     \
	VMOVDQU Y2, o(AX);               \
	VPANDN  Y1, Y13, Y2;             \
	VPADDD  (320+o)(BX), Y2, Y2;     \
	VMOVDQU Y2, o(R11);              \
	VCVTDQ2PS Y0, Y0;                \
	VCVTDQ2PS Y1, Y1;                \
	VCVTDQ2PS Y8, Y8;                \
	VBROADCASTSS (DX), Y4;           \
	VBROADCASTSS 4(DX), Y5;          \
	VFMADD231PS o(R9), Y5, Y4;       \ // fixed + residual·b1
	VBROADCASTSS 8(DX), Y5;          \
	VMULPS  Y7, Y5, Y5;              \
	VFMADD231PS Y3, Y5, Y4;          \ // + factor·b2·‖x‖²
	VBROADCASTSS 12(DX), Y5;         \
	VFMADD231PS Y0, Y5, Y4;          \ // + best·b3
	VBROADCASTSS 16(DX), Y5;         \
	VCMPPS  $18, Y5, Y3, Y6;         \ // ‖x‖² ≤ most, false for NaN
	VSUBPS  Y0, Y1, Y5;              \ // runner-up − best
	VCMPPS  $30, Y4, Y5, Y5;         \ // greater, false for NaN
	VANDPS  Y6, Y5, Y5;              \
	VMOVMSKPS Y5, R;                 \
	VSUBPS  Y0, Y8, Y5;              \ // third − best
	VCMPPS  $30, Y4, Y5, Y5;         \
	VANDPS  Y6, Y5, Y5;              \
	VMOVMSKPS Y5, P;                 \
	VFMADD231PS Y4, Y12, Y1;         \
	VDIVPS  Y7, Y1, Y1;              \
	VMOVUPS Y1, o(SI);               \
	VFMADD231PS Y4, Y12, Y8;         \
	VDIVPS  Y7, Y8, Y8;              \
	VMOVUPS Y8, o(R12);              \
	VMOVDQU Y15, o(BX);              \ // the state of the next panel
	VMOVDQU Y15, (64+o)(BX);         \
	VMOVDQU Y15, (256+o)(BX);        \
	VMOVDQU Y14, (128+o)(BX);        \
	VMOVDQU Y14, (320+o)(BX)

// func settleI16AVX2(labels, next, state, norms, residuals, bound, others, thirds unsafe.Pointer) (settled, paired uint64)
TEXT ·settleI16AVX2(SB), NOSPLIT, $0-80
	MOVQ labels+0(FP), AX
	MOVQ next+8(FP), SI
	MOVQ state+16(FP), BX
	MOVQ norms+24(FP), CX
	MOVQ residuals+32(FP), R9
	MOVQ bound+40(FP), DX
	MOVQ others+48(FP), R11
	MOVQ thirds+56(FP), R12
	VPXOR Y14, Y14, Y14
	VPCMPEQD Y15, Y15, Y15
	VPSRLD $1, Y15, Y15
	VPBROADCASTD ·places32(SB), Y13
	VBROADCASTSS minusHalf<>(SB), Y12
	SETTLE(0, R8, R10)
	SETTLE(32, R13, DI)
	SHLQ $8, R13
	ORQ  R13, R8
	SHLQ $8, DI
	ORQ  DI, R10
	MOVQ R8, settled+64(FP)
	MOVQ R10, paired+72(FP)
	VZEROUPPER
	RET
