//go:build !purego

#include "textflag.h"
#include "neon_arm64.h"

// The kernels on bounds of pairs (elkan.go). Operands, and the use of registers, are
// those of kernel_arm64.s.

// ---- lower bounds ----
//
// Lower bounds of the distances of eight rows and k centers, in a byte each, from the
// scores of the filter (LowerBounds in elkan.go):
//
//	byte = min(254, max(0, ⌊√(max(0, score − term))·root − base⌋))
//
//	R0  dst, 32 bytes a center    R1  scores    R2  bytes from center to center
//	R3  centers left    R4  terms    R5  bases
//	V0…V3 scores, then bytes    V20…V23 bases    V24…V27 terms
//	V28 root    V29 zero    V30 254 in each byte

#define ARGUMENTS \
	MOVD dst+0(FP), R0;            \
	MOVD scores+8(FP), R1;         \
	MOVD stride+16(FP), R2;        \
	MOVD k+24(FP), R3;             \
	MOVD terms+32(FP), R4;         \
	MOVD bases+40(FP), R5;         \
	FMOVD root+48(FP), F28;        \
	VEOR V29.B16, V29.B16, V29.B16; \
	VMOVI $254, V30.B16;           \
	FMOVQ (R4), F24;               \
	FMOVQ 16(R4), F25;             \
	FMOVQ 32(R4), F26;             \
	FMOVQ 48(R4), F27

// Eight integers of 16 bits in V0 to bytes, at most 254, at R0.
#define BYTES \
	UQXTN8B(0, 0);                 \
	VUMIN V30.B8, V0.B8, V0.B8;    \
	FMOVD F0, (R0)

// func lowerBoundsF32NEON(dst, scores unsafe.Pointer, stride, k int, terms, bases unsafe.Pointer, root float64)
TEXT ·lowerBoundsF32NEON(SB), NOSPLIT, $0-56
	ARGUMENTS
	LSL    $2, R2, R2
	FCVTN2S(24, 24)
	FCVTN4S(25, 24)
	FCVTN2S(26, 25)
	FCVTN4S(27, 25)
	FCVTDS F28, F28
	VDUP   V28.S[0], V28.S4
	FMOVQ  (R5), F20
	FMOVQ  16(R5), F21

center32:
	FMOVQ (R1), F0
	FMOVQ 16(R1), F1
	FSUB4S(24, 0, 0)
	FSUB4S(25, 1, 1)
	FMAXNM4S(29, 0, 0) // a NaN becomes 0
	FMAXNM4S(29, 1, 1)
	FSQRT4S(0, 0)
	FSQRT4S(1, 1)
	FMUL4S(28, 0, 0)
	FMUL4S(28, 1, 1)
	FSUB4S(20, 0, 0)
	FSUB4S(21, 1, 1)
	FCVTZU4S(0, 0)     // negative: 0
	FCVTZU4S(1, 1)
	UQXTN4H(0, 0)
	UQXTN8H(1, 0)
	BYTES
	ADD   R2, R1
	ADD   $32, R0
	SUBS  $1, R3
	BNE   center32
	RET

// func lowerBoundsF64NEON(dst, scores unsafe.Pointer, stride, k int, terms, bases unsafe.Pointer, root float64)
TEXT ·lowerBoundsF64NEON(SB), NOSPLIT, $0-56
	ARGUMENTS
	LSL   $3, R2, R2
	VDUP  V28.D[0], V28.D2
	FMOVQ (R5), F21
	FMOVQ 16(R5), F23
	FCVTL2S(21, 20)
	FCVTL4S(21, 21)
	FCVTL2S(23, 22)
	FCVTL4S(23, 23)

center64:
	FMOVQ (R1), F0
	FMOVQ 16(R1), F1
	FMOVQ 32(R1), F2
	FMOVQ 48(R1), F3
	FSUB2D(24, 0, 0)
	FSUB2D(25, 1, 1)
	FSUB2D(26, 2, 2)
	FSUB2D(27, 3, 3)
	FMAXNM2D(29, 0, 0)
	FMAXNM2D(29, 1, 1)
	FMAXNM2D(29, 2, 2)
	FMAXNM2D(29, 3, 3)
	FSQRT2D(0, 0)
	FSQRT2D(1, 1)
	FSQRT2D(2, 2)
	FSQRT2D(3, 3)
	FMUL2D(28, 0, 0)
	FMUL2D(28, 1, 1)
	FMUL2D(28, 2, 2)
	FMUL2D(28, 3, 3)
	FSUB2D(20, 0, 0)
	FSUB2D(21, 1, 1)
	FSUB2D(22, 2, 2)
	FSUB2D(23, 3, 3)
	FCVTZU2D(0, 0)
	FCVTZU2D(1, 1)
	FCVTZU2D(2, 2)
	FCVTZU2D(3, 3)
	UQXTN2S(0, 0)
	UQXTN4S(1, 0)
	UQXTN2S(2, 1)
	UQXTN4S(3, 1)
	UQXTN4H(0, 0)
	UQXTN8H(1, 0)
	BYTES
	ADD   R2, R1
	ADD   $32, R0
	SUBS  $1, R3
	BNE   center64
	RET

// The rows of a panel, 0…15 in A and 16…31 in B, whose bytes are not 0, as bits in R9:
// the settled ones' bits are added up, pairs by pairs.
//
//	V26 the bit of each byte in its group of eight    V29 zero
#define BITS(A, B) \
	VCMEQ V29.B16, A.B16, A.B16;   \
	VCMEQ V29.B16, B.B16, B.B16;   \
	VAND  V26.B16, A.B16, A.B16;   \
	VAND  V26.B16, B.B16, B.B16;   \
	VADDP B.B16, A.B16, A.B16;     \
	VADDP A.B16, A.B16, A.B16;     \
	VADDP A.B16, A.B16, A.B16;     \
	VMOV  A.S[0], R9;              \
	MVNW  R9, R9

// upper − (lower − drift), V0 and V1 being lower, V2 the drift, V30 and V31 upper: above
// 0 for open rows, in V0 and V1. A difference below 0 is 0.
#define BEYOND \
	VUMAX V2.B16, V0.B16, V0.B16;  \
	VUMAX V2.B16, V1.B16, V1.B16;  \
	VSUB  V2.B16, V0.B16, V0.B16;  \
	VSUB  V2.B16, V1.B16, V1.B16;  \
	VUMAX V30.B16, V0.B16, V4.B16; \
	VUMAX V31.B16, V1.B16, V5.B16; \
	VSUB  V0.B16, V4.B16, V0.B16;  \
	VSUB  V1.B16, V5.B16, V1.B16

// ---- open rows ----
//
// The rows of a panel of 32 for which lower − drift < upper, saturated at 0, for some
// center.
//
//	R0  lower, 32 bytes a center    R1  drift, a byte a center    R3  centers left
//	V0, V1 lower    V2 drift    V27, V28 the open ones    V30, V31 upper    R9 their bits

// func openRowsNEON(lower, drift, upper unsafe.Pointer, k int) (open uint32)
TEXT ·openRowsNEON(SB), NOSPLIT, $0-36
	MOVD lower+0(FP), R0
	MOVD drift+8(FP), R1
	MOVD upper+16(FP), R2
	MOVD k+24(FP), R3
	VLD1 (R2), [V30.B16, V31.B16]
	VEOR V27.B16, V27.B16, V27.B16
	VEOR V28.B16, V28.B16, V28.B16
	VEOR V29.B16, V29.B16, V29.B16
	MOVD $0x8040201008040201, R9
	VDUP R9, V26.D2

center:
	VLD1.P 32(R0), [V0.B16, V1.B16]
	VLD1R.P 1(R1), [V2.B16]
	BEYOND
	VORR V0.B16, V27.B16, V27.B16
	VORR V1.B16, V28.B16, V28.B16
	SUBS $1, R3
	BNE  center
	BITS(V27, V28)
	MOVW R9, open+32(FP)
	RET

// ---- open pairs ----
//
// The same, one by one: for each center, the rows of several panels.
//
//	R0  rows    R1  their centers    R2  lower of the center    R3  of a panel, too
//	R4  drift   R5  upper of the panel    R6  center    R7  pairs found    R8  panels left
//	R9  the rows of a center, as bits     R10 one of them    R11 number of the panel's
//	first row    R12 bytes of a panel     R13 centers

// func openPairsNEON(rows, centers, lower, drift, upper unsafe.Pointer, k, first, panels int) (n int)
TEXT ·openPairsNEON(SB), NOSPLIT, $0-72
	MOVD rows+0(FP), R0
	MOVD centers+8(FP), R1
	MOVD lower+16(FP), R2
	MOVD drift+24(FP), R4
	MOVD k+40(FP), R13
	LSL  $5, R13, R12
	VEOR V29.B16, V29.B16, V29.B16
	MOVD $0x8040201008040201, R9
	VDUP R9, V26.D2
	MOVD $0, R6
	MOVD $0, R7

center:
	VLD1R.P 1(R4), [V2.B16]
	MOVD R2, R3
	MOVD upper+32(FP), R5
	MOVD first+48(FP), R11
	MOVD panels+56(FP), R8

panel:
	VLD1   (R3), [V0.B16, V1.B16]
	VLD1.P 32(R5), [V30.B16, V31.B16]
	BEYOND
	VORR V0.B16, V1.B16, V3.B16
	VMOV V3.D[0], R9
	VMOV V3.D[1], R10
	ORR  R9, R10, R10
	CBZ  R10, next
	BITS(V0, V1)

bit:
	RBITW R9, R10
	CLZW  R10, R10
	ADD   R11, R10
	MOVW  R10, (R0)(R7<<2)
	MOVW  R6, (R1)(R7<<2)
	ADD   $1, R7
	SUBW  $1, R9, R10
	ANDW  R10, R9, R9
	CBNZW R9, bit

next:
	ADD  R12, R3
	ADD  $32, R11
	SUBS $1, R8
	BNE  panel

	ADD $32, R2
	ADD $1, R6
	CMP R13, R6
	BLT center
	MOVD R7, n+64(FP)
	RET

// ---- shifted bounds ----
//
// Takes drift[k] and by[i] off the byte of center k and row i of a panel, but not below 0,
// and leaves those alone that are 255.
//
//	R0  lower, 32 bytes a center    R1  drift    R3  centers left
//	V0, V1 lower    V2 drift    V4, V5 those of 255    V29 255 in each byte    V30, V31 by

// func shiftBoundsNEON(lower, drift, by unsafe.Pointer, k int)
TEXT ·shiftBoundsNEON(SB), NOSPLIT, $0-32
	MOVD  lower+0(FP), R0
	MOVD  drift+8(FP), R1
	MOVD  by+16(FP), R2
	MOVD  k+24(FP), R3
	VLD1  (R2), [V30.B16, V31.B16]
	VMOVI $255, V29.B16

center:
	VLD1    (R0), [V0.B16, V1.B16]
	VLD1R.P 1(R1), [V2.B16]
	VCMEQ   V29.B16, V0.B16, V4.B16
	VCMEQ   V29.B16, V1.B16, V5.B16
	VUMAX   V2.B16, V0.B16, V0.B16
	VUMAX   V2.B16, V1.B16, V1.B16
	VSUB    V2.B16, V0.B16, V0.B16
	VSUB    V2.B16, V1.B16, V1.B16
	VUMAX   V30.B16, V0.B16, V0.B16
	VUMAX   V31.B16, V1.B16, V1.B16
	VSUB    V30.B16, V0.B16, V0.B16
	VSUB    V31.B16, V1.B16, V1.B16
	VORR    V4.B16, V0.B16, V0.B16
	VORR    V5.B16, V1.B16, V1.B16
	VST1.P  [V0.B16, V1.B16], 32(R0)
	SUBS    $1, R3
	BNE     center
	RET
