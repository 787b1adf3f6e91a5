//go:build !purego

#include "textflag.h"
#include "nearest_avx512_amd64.h"

// The kernels on rows and centers of 16-bit integers for AVX-512. They do what
// those of quantized_amd64.s do, with panels of 32 rows, for the levels avx512 and
// avx512vnni:
//
//	panel   columns of 128 bytes: the elements of two columns of each of 32 rows
//	state   best, runner-up (int32), index, factor (float32), third best (int32) and
//	        the runner-up's index of each row, 128 bytes each
//
// Group, format and bound are the same.

DATA minusHalf512<>+0(SB)/4, $0xBF000000
GLOBL minusHalf512<>(SB), RODATA|NOPTR, $4
DATA unit512<>+0(SB)/4, $0x3F800000
GLOBL unit512<>(SB), RODATA|NOPTR, $4

#define ES 4
#define BCAST VPBROADCASTD
#define LOAD VMOVDQU32
#define ADD VPADDD
#define MAX VPMAXSD
#define MIN VPMINSD
#define CMP VPCMPD
#define TERNLOG VPTERNLOGD
#define PLACES ·places32(SB)
#define PLACE(c) ·place32+32*c(SB)

// ½‖c‖² in the units of the rows, as integers.
#define HALFNORM(c, A, B) \
	VBROADCASTSS (4*c)(R10), Z28; \
	VMULPS    384(BX), Z28, A;    \
	VMULPS    448(BX), Z28, B;    \
	VCVTPS2DQ A, A;               \
	VCVTPS2DQ B, B
#define MADD(E, P, A) \
	VPMADDWD P, E, Z31; \
	VPADDD   Z31, A, A

// A center's scores against the best three of each row so far, after their lowest bits
// have become the center's place in the group: (score AND mask) OR place.
#define RANK(c, A) \
	TERNLOG.BCST $0xEA, PLACE(c), Z30, A; \
	MAX A, Z24, Z27;                      \
	MIN Z24, A, Z24;                      \
	MAX Z27, Z25, A;                      \
	MIN Z27, Z25, Z25;                    \
	MIN A, Z26, Z26
#define RANKLOW(c, n, A, B) RANK(c, A)
#define RANKHIGH(c, n, A, B) RANK(c, B)

// Ranks the half of the panel at byte o of the state. The runner-up's index is that of
// the old best where this became the runner-up, else this group's where it fell.
#define RANKHALF(o, n, EACH, HALF) \
	LOAD o(BX), Z24;               \
	LOAD (128+o)(BX), Z25;         \
	LOAD (512+o)(BX), Z26;         \
	EACH(HALF, n);                 \
	CMP  $4, o(BX), Z24, K1;       \ // a new best
	CMP  $4, (128+o)(BX), Z25, K2; \ // a new runner-up
	CMP  $0, o(BX), Z25, K1, K3;   \ // which is the old best
	LOAD (256+o)(BX), Z28;         \
	LOAD (640+o)(BX), Z29;         \
	BCAST (n*ES)(R10), K2, Z29;    \
	LOAD Z28, K3, Z29;             \
	BCAST (n*ES)(R10), K1, Z28;    \
	LOAD Z24, o(BX);               \
	LOAD Z25, (128+o)(BX);         \
	LOAD Z26, (512+o)(BX);         \
	LOAD Z28, (256+o)(BX);         \
	LOAD Z29, (640+o)(BX)
#define RANKPANEL(n, EACH) \
	RANKHALF(0, n, EACH, RANKLOW); \
	RANKHALF(64, n, EACH, RANKHIGH)

// ---- quantize ----
//
// A panel of 32 rows of float32, with the squared norm of each, to one of 16-bit
// integers: each row times the scale that makes its norm, or the radius if that
// is larger, the most an element may be. Leaves the rows' factors in the state, and
// the norm of what rounding took away from each row.
//
//	DI  panel    SI  float panel    BX  state    R8  norms    R9  residuals
//	DX  format   CX  pairs of columns left    K1 lower halves of 32 bits
//	Z8,Z9   scales    Z10…Z13  sums of squares of residuals    Z0…Z7  temporaries
//	Z16…Z19 format, to begin with: most, radius, scale, root

// The scales of the half at byte o.
#define SCALE(o, S) \
	VSQRTPS o(R8), S;             \
	VMULPS  Z19, S, S;            \
	VMAXPS  Z17, S, S;            \
	VDIVPS  S, Z16, S;            \
	VMULPS  Z18, S, Z0;           \
	VMOVUPS Z0, (384+o)(BX)

// Half a column times the scale in Y, and as integers in Q.
#define ROUND(o, S, Y, Q) \
	VMULPS    o(SI), S, Y;        \
	VCVTPS2DQ Y, Q
// The integers of two columns side by side.
#define JOIN(Q, P, Y, o) \
	VPSLLD    $16, P, Y;          \
	VMOVDQU16 Q, K1, Y;           \
	VMOVDQU32 Y, o(DI)
// The square of what Q lost of Y, added to the sum R.
#define LOST(Y, Q, R) \
	VCVTDQ2PS   Q, Q;             \
	VSUBPS      Q, Y, Y;          \
	VFMADD231PS Y, Y, R

// func quantizeF32AVX512(panel, state, residuals, x, norms, format unsafe.Pointer, pairs int)
TEXT ·quantizeF32AVX512(SB), NOSPLIT, $0-56
	MOVQ panel+0(FP), DI
	MOVQ state+8(FP), BX
	MOVQ residuals+16(FP), R9
	MOVQ x+24(FP), SI
	MOVQ norms+32(FP), R8
	MOVQ format+40(FP), DX
	MOVQ pairs+48(FP), CX

	// Scales and factors.
	VBROADCASTSS (DX), Z16
	VBROADCASTSS 4(DX), Z17
	VBROADCASTSS 8(DX), Z18
	VBROADCASTSS 12(DX), Z19
	SCALE(0, Z8)
	SCALE(64, Z9)
	MOVL   $0x55555555, AX
	KMOVD  AX, K1
	VPXORQ Z10, Z10, Z10
	VPXORQ Z11, Z11, Z11
	VPXORQ Z12, Z12, Z12
	VPXORQ Z13, Z13, Z13
	PCALIGN $32

pair:
	ROUND(0, Z8, Z0, Z4)
	ROUND(64, Z9, Z1, Z5)
	ROUND(128, Z8, Z2, Z6)
	ROUND(192, Z9, Z3, Z7)
	JOIN(Z4, Z6, Z14, 0)
	JOIN(Z5, Z7, Z15, 64)
	LOST(Z0, Z4, Z10)
	LOST(Z1, Z5, Z11)
	LOST(Z2, Z6, Z12)
	LOST(Z3, Z7, Z13)
	ADDQ $256, SI
	ADDQ $128, DI
	DECQ CX
	JNZ  pair

	VADDPS  Z12, Z10, Z10
	VADDPS  Z13, Z11, Z11
	VSQRTPS Z10, Z10
	VSQRTPS Z11, Z11
	VMOVUPS Z10, (R9)
	VMOVUPS Z11, 64(R9)
	VZEROUPPER
	RET

// func nearestI16AVX512(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)
TEXT ·nearestI16AVX512(SB), NOSPLIT, $0-80
	NEAREST

// With VNNI, the product and the sum in one instruction, which does not saturate.
#undef MADD
#define MADD(E, P, A) VPDPWSSD P, E, A

// func nearestI16AVX512VNNI(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)
TEXT ·nearestI16AVX512VNNI(SB), NOSPLIT, $0-80
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
//	Z0 best  Z1 runner-up  Z2 index  Z3 ‖x‖²  Z4 T  Z5 temporary  Z7 factor, then its inverse
//	Z8 third  Z9 1  Z12 −½  Z13 mask of places  Z14 zero  Z15 largest int32    K1 ‖x‖² ≤ most

// The half of the panel at byte o: settled rows and pairs as bit masks in R and P.
#define SETTLE(o, R, P) \
	VMOVDQU32 o(BX), Z0;              \
	VMOVDQU32 (128+o)(BX), Z1;        \
	VMOVDQU32 (512+o)(BX), Z8;        \
	VMOVUPS (384+o)(BX), Z7;          \
	VMOVUPS o(CX), Z3;                \
	VPANDND Z0, Z13, Z2;              \
	VPADDD  (256+o)(BX), Z2, Z2;      \
	VMOVDQU32 Z2, o(AX);              \
	VPANDND Z1, Z13, Z2;              \
	VPADDD  (640+o)(BX), Z2, Z2;      \
	VMOVDQU32 Z2, o(R11);             \
	VCVTDQ2PS Z0, Z0;                 \
	VCVTDQ2PS Z1, Z1;                 \
	VCVTDQ2PS Z8, Z8;                 \
	VBROADCASTSS (DX), Z4;            \
	VMOVUPS o(R9), Z5;                \
	VFMADD231PS.BCST 4(DX), Z5, Z4;   \ // fixed + residual·b1
	VMULPS.BCST 8(DX), Z7, Z5;        \
	VFMADD231PS Z3, Z5, Z4;           \ // + factor·b2·‖x‖²
	VFMADD231PS.BCST 12(DX), Z0, Z4;  \ // + best·b3
	VCMPPS.BCST $18, 16(DX), Z3, K1;  \ // ‖x‖² ≤ most, false for NaN
	VSUBPS  Z0, Z1, Z5;               \ // runner-up − best
	VCMPPS  $30, Z4, Z5, K1, K2;      \ // and greater, false for NaN
	KMOVW   K2, R;                    \
	VSUBPS  Z0, Z8, Z5;               \ // third − best
	VCMPPS  $30, Z4, Z5, K1, K2;      \
	KMOVW   K2, P;                    \
	VDIVPS  Z7, Z9, Z7;               \
	VFNMADD231PS Z4, Z12, Z0;         \
	VMULPS  Z7, Z0, Z0;               \
	VMOVUPS Z0, (128+o)(SI);          \
	VFMADD231PS Z4, Z12, Z1;          \
	VMULPS  Z7, Z1, Z1;               \
	VMOVUPS Z1, o(SI);                \
	VFMADD231PS Z4, Z12, Z8;          \
	VMULPS  Z7, Z8, Z8;               \
	VMOVUPS Z8, o(R12);               \
	VMOVDQU32 Z15, o(BX);             \ // the state of the next panel
	VMOVDQU32 Z15, (128+o)(BX);       \
	VMOVDQU32 Z15, (512+o)(BX);       \
	VMOVDQU32 Z14, (256+o)(BX);       \
	VMOVDQU32 Z14, (640+o)(BX)

// func settleI16AVX512(labels, seconds, state, norms, residuals, bound, others, thirds unsafe.Pointer) (settled, paired uint64)
TEXT ·settleI16AVX512(SB), NOSPLIT, $0-80
	MOVQ labels+0(FP), AX
	MOVQ seconds+8(FP), SI
	MOVQ state+16(FP), BX
	MOVQ norms+24(FP), CX
	MOVQ residuals+32(FP), R9
	MOVQ bound+40(FP), DX
	MOVQ others+48(FP), R11
	MOVQ thirds+56(FP), R12
	VPXORQ Z14, Z14, Z14
	VPTERNLOGD $0xFF, Z15, Z15, Z15
	VPSRLD $1, Z15, Z15
	VPBROADCASTD ·places32(SB), Z13
	VBROADCASTSS minusHalf512<>(SB), Z12
	VBROADCASTSS unit512<>(SB), Z9
	SETTLE(0, R8, R10)
	SETTLE(64, R13, DI)
	SHLQ $16, R13
	ORQ  R13, R8
	SHLQ $16, DI
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
//	Z0,Z1 gaps of the halves    Z2…Z4 temporaries    Z8…Z12 format    Z14 zero

// The gaps of the half at byte o, in G. Twice a number is the sum with itself.
#define GAPS(o, G) \
	VMOVUPS o(CX), Z2;           \
	VMOVUPS o(SI), Z3;           \
	VMOVUPS (128+o)(SI), Z4;     \
	VADDPS  Z3, Z3, Z3;          \
	VADDPS  Z4, Z4, Z4;          \
	VFMADD231PS Z8, Z2, Z3;      \
	VFMADD231PS Z9, Z2, Z4;      \
	VMAXPS  Z14, Z3, Z3;         \
	VMULPS  Z10, Z3, Z3;         \
	VMULPS  Z11, Z4, Z4;         \
	VSQRTPS Z3, Z3;              \
	VSQRTPS Z4, Z4;              \
	VMULPS  Z12, Z3, Z3;         \
	VMULPS  Z11, Z4, Z4;         \
	VSUBPS  Z4, Z3, G;           \
	VMAXPS  Z14, G, G;           \
	VMOVUPS G, o(DI)

// func gapsF32AVX512(gaps, least, seconds, norms, format unsafe.Pointer, panels int, wanted uint64)
TEXT ·gapsF32AVX512(SB), NOSPLIT, $0-56
	MOVQ gaps+0(FP), DI
	MOVQ least+8(FP), BX
	MOVQ seconds+16(FP), SI
	MOVQ norms+24(FP), CX
	MOVQ format+32(FP), DX
	MOVQ panels+40(FP), AX
	MOVQ wanted+48(FP), R8
	VBROADCASTSS (DX), Z8
	VBROADCASTSS 4(DX), Z9
	VBROADCASTSS 8(DX), Z10
	VBROADCASTSS 12(DX), Z11
	VBROADCASTSS 16(DX), Z12
	VPXORQ Z14, Z14, Z14

panel:
	SHRQ $1, R8
	JCC  next
	GAPS(0, Z0)
	GAPS(64, Z1)
	VMINPS  Z1, Z0, Z0
	VEXTRACTF64X4 $1, Z0, Y1
	VMINPS  Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VMINPS  X1, X0, X0
	VPSRLDQ $8, X0, X1
	VMINPS  X1, X0, X0
	VPSRLDQ $4, X0, X1
	VMINPS  X1, X0, X0
	VMOVSS  X0, (BX)
next:
	ADDQ $128, DI
	ADDQ $256, SI
	ADDQ $128, CX
	ADDQ $4, BX
	DECQ AX
	JNZ  panel
	VZEROUPPER
	RET
