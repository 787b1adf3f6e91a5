//go:build !purego

#include "textflag.h"
#include "nearest_amd64.h"

// The kernels on rows and centers of 16-bit integers, for AVX2 (quantized.go has
// the number format and the proof). Layouts, beside those of kernel_amd64.s:
//
//	panel   columns of 64 bytes: the elements of two columns of each of 16 rows
//	group   n half squared norms ½‖c‖² (float32) and the index of the first
//	        center, then columns of n pairs of negated elements
//	state   best, runner-up (int32), index and factor (float32) of each row: the
//	        factor turns ½‖c‖² into the row's unit
//	format  float32 each: 0 most, the largest element; 1 radius, the largest norm
//	        of a center; 2 scale of the centers; 3 what makes a root an upper bound
//	bound   float32 each: 0 fixed, 1 per unit of residual, 2 per ‖x‖², 3 per best,
//	        4 largest ‖x‖²

DATA minusHalf<>+0(SB)/4, $0xBF000000
GLOBL minusHalf<>(SB), RODATA|NOPTR, $4

#define ES 4
#define BCAST VPBROADCASTD
#define ADD VPADDD
#define AND VPAND
#define OR VPOR
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
#define FELL(old, new, mask) \
	VMOVDQU  old, mask;           \
	VPCMPGTD new, mask, mask

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
// factor·b2·‖x‖² + best·b3, and ‖x‖² ≤ most. Its runner-up less T/2, over its
// factor, is a lower bound of the second least score.
//
//	AX  labels    SI  seconds    BX  state    CX  norms    R9  residuals    DX  bound
//	Y0 best  Y1 runner-up  Y2 index  Y3 ‖x‖²  Y4 T  Y5,Y6 temporaries  Y7 factor
//	Y12 −½  Y13 mask of places  Y14 zero  Y15 largest int32

// The half of the panel at byte o: settled rows as a bit mask in R.
#define SETTLE(o, R) \
	VMOVDQU o(BX), Y0;               \
	VMOVDQU (64+o)(BX), Y1;          \
	VMOVUPS (192+o)(BX), Y7;         \
	VMOVUPS o(CX), Y3;               \
	VPANDN  Y0, Y13, Y2;             \
	VPADDD  (128+o)(BX), Y2, Y2;     \
	VMOVDQU Y2, o(AX);               \
	VCVTDQ2PS Y0, Y0;                \
	VCVTDQ2PS Y1, Y1;                \
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
	VFMADD231PS Y4, Y12, Y1;         \
	VDIVPS  Y7, Y1, Y1;              \
	VMOVUPS Y1, o(SI);               \
	VMOVDQU Y15, o(BX);              \ // the state of the next panel
	VMOVDQU Y15, (64+o)(BX);         \
	VMOVDQU Y14, (128+o)(BX)

// func settleI16AVX2(labels, next, state, norms, residuals, bound unsafe.Pointer) (settled uint64)
TEXT ·settleI16AVX2(SB), NOSPLIT, $0-56
	MOVQ labels+0(FP), AX
	MOVQ next+8(FP), SI
	MOVQ state+16(FP), BX
	MOVQ norms+24(FP), CX
	MOVQ residuals+32(FP), R9
	MOVQ bound+40(FP), DX
	VPXOR Y14, Y14, Y14
	VPCMPEQD Y15, Y15, Y15
	VPSRLD $1, Y15, Y15
	VPBROADCASTD ·places32(SB), Y13
	VBROADCASTSS minusHalf<>(SB), Y12
	SETTLE(0, R8)
	SETTLE(32, R10)
	SHLQ $8, R10
	ORQ  R10, R8
	MOVQ R8, settled+48(FP)
	VZEROUPPER
	RET
