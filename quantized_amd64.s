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
DATA unit<>+0(SB)/4, $0x3F800000
GLOBL unit<>(SB), RODATA|NOPTR, $4

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

// ---- quantize a center ----
//
// Elements of a center to integers: rint((shift − c)·scale), eight at a time, four of them in
// each of two vectors of float64.
//
//	DI  integers of 16 bits    SI  center    DX  shift    CX  eights left
//	Y0,Y1 elements, later integers    Y2,Y3 rounded    Y8,Y9 sums of squares of what
//	rounding took away    Y10,Y11 of integers    Y14 scale    Y15 magic

// The elements in Y, with the sums.
#define ROUNDFOUR(Y, T, LOST, NORM) \
	VMULPD  Y14, Y, Y;           \
	VADDPD  Y15, Y, T;           \
	VSUBPD  Y15, T, T;           \
	VSUBPD  Y, T, Y;             \
	VFMADD231PD Y, Y, LOST;      \
	VFMADD231PD T, T, NORM

#define QUANTIZECENTER(BYTES, LOADFOUR, eight) \
	MOVQ integers+0(FP), DI;     \
	MOVQ center+8(FP), SI;       \
	MOVQ shift+16(FP), DX;       \
	MOVQ eights+24(FP), CX;      \
	VBROADCASTSD scale+32(FP), Y14; \
	MOVQ $0x4338000000000000, AX; \ // roundingMagic
	VMOVQ AX, X15;               \
	VBROADCASTSD X15, Y15;       \
	VXORPD Y8, Y8, Y8;           \
	VXORPD Y9, Y9, Y9;           \
	VXORPD Y10, Y10, Y10;        \
	VXORPD Y11, Y11, Y11;        \
eight: \
	LOADFOUR (DX), Y0;           \
	LOADFOUR (4*BYTES)(DX), Y1;  \
	LOADFOUR (SI), Y2;           \
	LOADFOUR (4*BYTES)(SI), Y3;  \
	VSUBPD  Y2, Y0, Y0;          \
	VSUBPD  Y3, Y1, Y1;          \
	ROUNDFOUR(Y0, Y2, Y8, Y10);  \
	ROUNDFOUR(Y1, Y3, Y9, Y11);  \
	VCVTPD2DQY Y2, X2;           \
	VCVTPD2DQY Y3, X3;           \
	VPACKSSDW X3, X2, X2;        \
	VMOVDQU X2, (DI);            \
	ADDQ $16, DI;                \
	ADDQ $(8*BYTES), SI;         \
	ADDQ $(8*BYTES), DX;         \
	DECQ CX;                     \
	JNZ  eight;                  \
	VADDPD Y9, Y8, Y8;           \
	VADDPD Y11, Y10, Y10;        \
	VHADDPD Y10, Y8, Y8;         \
	VEXTRACTF128 $1, Y8, X9;     \
	VADDPD X9, X8, X8;           \
	VMOVUPD X8, lost+40(FP);     \
	VZEROUPPER;                  \
	RET

// func quantizeCenterF32AVX2(integers, center, shift unsafe.Pointer, eights int, scale float64) (lost, norm float64)
TEXT ·quantizeCenterF32AVX2(SB), NOSPLIT, $0-56
	QUANTIZECENTER(4, VCVTPS2PD, eight)

// func quantizeCenterF64AVX2(integers, center, shift unsafe.Pointer, eights int, scale float64) (lost, norm float64)
TEXT ·quantizeCenterF64AVX2(SB), NOSPLIT, $0-56
	QUANTIZECENTER(8, VMOVUPD, eight)

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
// third less T/2, over the factor, are lower bounds of the second and third least score, best
// and T/2, over the factor, an upper bound of the least.
//
//	AX  labels    SI  seconds, then leasts    BX  state    CX  norms    R9  residuals
//	DX  bound     R11 labels of the runners-up    R12 thirds
//	Y0 best  Y1 runner-up  Y2 index  Y3 ‖x‖²  Y4 T  Y5,Y6 temporaries  Y7 factor, then its inverse
//	Y8 third best    Y9 1    Y12 −½  Y13 mask of places  Y14 zero  Y15 largest int32

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
	VDIVPS  Y7, Y9, Y7;              \
	VFNMADD231PS Y4, Y12, Y0;        \
	VMULPS  Y7, Y0, Y0;              \
	VMOVUPS Y0, (64+o)(SI);          \
	VFMADD231PS Y4, Y12, Y1;         \
	VMULPS  Y7, Y1, Y1;              \
	VMOVUPS Y1, o(SI);               \
	VFMADD231PS Y4, Y12, Y8;         \
	VMULPS  Y7, Y8, Y8;              \
	VMOVUPS Y8, o(R12);              \
	VMOVDQU Y15, o(BX);              \ // the state of the next panel
	VMOVDQU Y15, (64+o)(BX);         \
	VMOVDQU Y15, (256+o)(BX);        \
	VMOVDQU Y14, (128+o)(BX);        \
	VMOVDQU Y14, (320+o)(BX)

// func settleI16AVX2(labels, seconds, state, norms, residuals, bound, others, thirds unsafe.Pointer) (settled, paired uint64)
TEXT ·settleI16AVX2(SB), NOSPLIT, $0-80
	MOVQ labels+0(FP), AX
	MOVQ seconds+8(FP), SI
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
	VBROADCASTSS unit<>(SB), Y9
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

// ---- gaps ----
//
// The gaps of the rows of those of n panels that are wanted (gaps.go): with e = ‖x‖²·loss,
//
//	√((‖x‖² − e + 2·second)·down)·keep − √((‖x‖² + e + 2·least)·up)·up,
//
// 0 where that is negative or NaN; and the least gap of each panel.
//
//	DI  gaps      SI  seconds, then leasts    CX  norms    BX  least gaps
//	DX  format, float32 each: 1 − loss, 1 + loss, down, up, keep    AX  panels left
//	R8  panels that are wanted, a bit each
//	Y0,Y1 gaps of the halves    Y2…Y4 temporaries    Y8…Y12 format    Y14 zero

// The gaps of the half at byte o, in G. Twice a number is the sum with itself.
#define GAPS(o, G) \
	VMOVUPS o(CX), Y2;           \
	VMOVUPS o(SI), Y3;           \
	VMOVUPS (64+o)(SI), Y4;      \
	VADDPS  Y3, Y3, Y3;          \
	VADDPS  Y4, Y4, Y4;          \
	VFMADD231PS Y8, Y2, Y3;      \
	VFMADD231PS Y9, Y2, Y4;      \
	VMAXPS  Y14, Y3, Y3;         \
	VMULPS  Y10, Y3, Y3;         \
	VMULPS  Y11, Y4, Y4;         \
	VSQRTPS Y3, Y3;              \
	VSQRTPS Y4, Y4;              \
	VMULPS  Y12, Y3, Y3;         \
	VMULPS  Y11, Y4, Y4;         \
	VSUBPS  Y4, Y3, G;           \
	VMAXPS  Y14, G, G;           \
	VMOVUPS G, o(DI)

// func gapsF32AVX2(gaps, least, seconds, norms, format unsafe.Pointer, panels int, wanted uint64)
TEXT ·gapsF32AVX2(SB), NOSPLIT, $0-56
	MOVQ gaps+0(FP), DI
	MOVQ least+8(FP), BX
	MOVQ seconds+16(FP), SI
	MOVQ norms+24(FP), CX
	MOVQ format+32(FP), DX
	MOVQ panels+40(FP), AX
	MOVQ wanted+48(FP), R8
	VBROADCASTSS (DX), Y8
	VBROADCASTSS 4(DX), Y9
	VBROADCASTSS 8(DX), Y10
	VBROADCASTSS 12(DX), Y11
	VBROADCASTSS 16(DX), Y12
	VXORPS Y14, Y14, Y14

panel:
	SHRQ $1, R8
	JCC  next
	GAPS(0, Y0)
	GAPS(32, Y1)
	VMINPS  Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VMINPS  X1, X0, X0
	VPSRLDQ $8, X0, X1
	VMINPS  X1, X0, X0
	VPSRLDQ $4, X0, X1
	VMINPS  X1, X0, X0
	VMOVSS  X0, (BX)
next:
	ADDQ $64, DI
	ADDQ $128, SI
	ADDQ $64, CX
	ADDQ $4, BX
	DECQ AX
	JNZ  panel
	VZEROUPPER
	RET

// ---- in order ----
//
// Puts the rows of n panels of 32-bit numbers in another order: each place of a column gets the
// number of the row that order gives, a byte, counted over all panels. A column is copied first.
//
//	DI  column of the first panel    DX  the copy    SI  order    R9  columns left
//	R8  bytes of a column of a panel    R10 bytes of a panel
//	R11 column of this panel    R12 copy or order at this panel    R13 panels left
//	CX  bytes left of the column    AX, BX  numbers

#define PLACE1(i, R) \
	MOVBLZX i(R12), R;       \
	MOVL    (DX)(R*4), R;    \
	MOVL    R, (4*i)(R11)

// func inOrderAVX2(numbers, column, order unsafe.Pointer, panels, bytes, columns int)
TEXT ·inOrderAVX2(SB), NOSPLIT, $0-48
	MOVQ numbers+0(FP), DI
	MOVQ column+8(FP), DX
	MOVQ order+16(FP), SI
	MOVQ bytes+32(FP), R8
	MOVQ columns+40(FP), R9
	MOVQ R8, R10
	IMULQ R9, R10
	SUBQ R8, R10 // less the column that has been passed

column:
	MOVQ DI, R11
	MOVQ DX, R12
	MOVQ panels+24(FP), R13
copy:
	MOVQ R8, CX
copy64:
	VMOVDQU (R11), Y0
	VMOVDQU 32(R11), Y1
	VMOVDQU Y0, (R12)
	VMOVDQU Y1, 32(R12)
	ADDQ $64, R11
	ADDQ $64, R12
	SUBQ $64, CX
	JNZ  copy64
	ADDQ R10, R11
	DECQ R13
	JNZ  copy

	MOVQ DI, R11
	MOVQ SI, R12
	MOVQ panels+24(FP), R13
place:
	MOVQ R8, CX
place8:
	PLACE1(0, AX)
	PLACE1(1, BX)
	PLACE1(2, AX)
	PLACE1(3, BX)
	PLACE1(4, AX)
	PLACE1(5, BX)
	PLACE1(6, AX)
	PLACE1(7, BX)
	ADDQ $32, R11
	ADDQ $8, R12
	SUBQ $32, CX
	JNZ  place8
	ADDQ R10, R11
	DECQ R13
	JNZ  place

	ADDQ R8, DI
	DECQ R9
	JNZ  column
	VZEROUPPER
	RET
