//go:build !purego

#include "textflag.h"

// ---- unsettled ----
//
// The numbers of the rows whose bounds do not prove their label, after the bounds have
// drifted (Unsettled in hamerly.go), eight rows at a time. The drifts of their centers
// are four float32 each; those of rows 0…3 and 4…7 are transposed in the halves of four
// registers.
//
//	DI  rows     SI  upper    DX  lower    R8  labels    R9  drifts    CX  rows left
//	R10 number of the first of eight rows    R11 number found
//	AX  an offset, later the bits of the rows found    BX  one of them
//	Y0…Y3 drifts, then Own, Other, Half    Y4…Y7 temporaries
//	Y12 keep    Y13 boundUp    Y14 boundDown

DATA boundUp<>+0(SB)/4, $0x3F800004 // 1 + 2⁻²¹
GLOBL boundUp<>(SB), RODATA|NOPTR, $4
DATA boundDown<>+0(SB)/4, $0x3F7FFFF8 // 1 − 2⁻²¹
GLOBL boundDown<>(SB), RODATA|NOPTR, $4

// The drifts of rows r and r+4.
#define DRIFTS(r, X, Y) \
	MOVLQSX (4*r)(R8)(R10*4), AX;        \
	MOVLQSX (4*r+16)(R8)(R10*4), BX;     \
	SHLQ $4, AX;                         \
	SHLQ $4, BX;                         \
	VMOVUPS (R9)(AX*1), X;               \
	VINSERTF128 $1, (R9)(BX*1), Y, Y

// func unsettledAVX2(rows, upper, lower, labels, drifts unsafe.Pointer, n int, keep float32) (found int)
TEXT ·unsettledAVX2(SB), NOSPLIT, $0-64
	MOVQ rows+0(FP), DI
	MOVQ upper+8(FP), SI
	MOVQ lower+16(FP), DX
	MOVQ labels+24(FP), R8
	MOVQ drifts+32(FP), R9
	MOVQ n+40(FP), CX
	VBROADCASTSS keep+48(FP), Y12
	VBROADCASTSS boundUp<>(SB), Y13
	VBROADCASTSS boundDown<>(SB), Y14
	XORQ R10, R10
	XORQ R11, R11
	SUBQ $8, CX
	JLT  done

eight:
	DRIFTS(0, X0, Y0)
	DRIFTS(1, X1, Y1)
	DRIFTS(2, X2, Y2)
	DRIFTS(3, X3, Y3)
	VUNPCKLPS Y1, Y0, Y4
	VUNPCKHPS Y1, Y0, Y6
	VUNPCKLPS Y3, Y2, Y5
	VUNPCKHPS Y3, Y2, Y7
	VSHUFPS $0x44, Y5, Y4, Y0 // Own
	VSHUFPS $0xEE, Y5, Y4, Y1 // Other
	VSHUFPS $0x44, Y7, Y6, Y2 // Half

	// The bounds drift.
	VADDPS  (SI)(R10*4), Y0, Y0
	VMULPS  Y13, Y0, Y0
	VMOVUPS (DX)(R10*4), Y3
	VSUBPS  Y1, Y3, Y1
	VMULPS  Y14, Y1, Y1
	VMOVUPS Y0, (SI)(R10*4)
	VMOVUPS Y1, (DX)(R10*4)

	// Not (upper < keep·lower or upper < Half).
	VMULPS    Y12, Y1, Y1
	VCMPPS    $17, Y1, Y0, Y4
	VCMPPS    $17, Y2, Y0, Y5
	VORPS     Y5, Y4, Y4
	VMOVMSKPS Y4, AX
	XORL      $0xFF, AX
	JZ        next

bit:
	TZCNTL AX, BX
	ADDL   R10, BX
	MOVL   BX, (DI)(R11*4)
	INCQ   R11
	BLSRL  AX, AX
	JNZ    bit

next:
	ADDQ $8, R10
	SUBQ $8, CX
	JGE  eight

done:
	MOVQ R11, found+56(FP)
	VZEROUPPER
	RET

// ---- bounds ----
//
// Bounds of roots of float32 (Bounds in hamerly.go), eight at a time.
//
//	DI upper    SI lower    DX own    R8 other    CX roots left
//	Y12 up    Y13 down    Y14 slack   Y15 the largest lower bound

DATA largest<>+0(SB)/4, $0x7EFFFFFF // half the largest float32
GLOBL largest<>(SB), RODATA|NOPTR, $4

// func boundsF32AVX2(upper, lower, own, other unsafe.Pointer, n int, up, down, slack float32)
TEXT ·boundsF32AVX2(SB), NOSPLIT, $0-52
	MOVQ upper+0(FP), DI
	MOVQ lower+8(FP), SI
	MOVQ own+16(FP), DX
	MOVQ other+24(FP), R8
	MOVQ n+32(FP), CX
	VBROADCASTSS up+40(FP), Y12
	VBROADCASTSS down+44(FP), Y13
	VBROADCASTSS slack+48(FP), Y14
	VBROADCASTSS largest<>(SB), Y15
	XORQ AX, AX
	SUBQ $8, CX
	JLT  done

eight:
	VSQRTPS (DX)(AX*4), Y0
	VSQRTPS (R8)(AX*4), Y1
	VMULPS  Y12, Y0, Y0
	VADDPS  Y14, Y0, Y0
	VMULPS  Y13, Y1, Y1
	VSUBPS  Y14, Y1, Y1
	VMINPS  Y1, Y15, Y1 // the second operand, a NaN, stays
	VMOVUPS Y0, (DI)(AX*4)
	VMOVUPS Y1, (SI)(AX*4)
	ADDQ    $8, AX
	SUBQ    $8, CX
	JGE     eight

done:
	VZEROUPPER
	RET
