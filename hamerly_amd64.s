//go:build !purego

#include "textflag.h"

// ---- unsettled ----
//
// The numbers of the rows whose bounds do not prove their label (Unsettled in hamerly.go),
// eight rows at a time. The bars of a label are two float32.
//
//	DI  rows    SI  slack    DX  upper    R8  labels    R9  bars    CX  rows left
//	R10 number of the first of eight rows    R11 number found
//	AX  a label, later the bits of the rows found    BX  another one, or one of them
//	Y0…Y3 bars, then Slack and Upper in Y4 and Y5

// The bars of rows r and r+1, to X.
#define BARS(r, X) \
	MOVLQSX (4*r)(R8)(R10*4), AX;   \
	MOVLQSX (4*r+4)(R8)(R10*4), BX; \
	VMOVSD  (R9)(AX*8), X;          \
	VMOVHPS (R9)(BX*8), X, X

// func unsettledAVX2(rows, slack, upper, labels, bars unsafe.Pointer, n int) (found int)
TEXT ·unsettledAVX2(SB), NOSPLIT, $0-56
	MOVQ rows+0(FP), DI
	MOVQ slack+8(FP), SI
	MOVQ upper+16(FP), DX
	MOVQ labels+24(FP), R8
	MOVQ bars+32(FP), R9
	MOVQ n+40(FP), CX
	XORQ R10, R10
	XORQ R11, R11
	SUBQ $8, CX
	JLT  done

eight:
	BARS(0, X0)
	BARS(2, X1)
	BARS(4, X2)
	BARS(6, X3)
	VINSERTF128 $1, X2, Y0, Y0
	VINSERTF128 $1, X3, Y1, Y1
	VSHUFPS     $0x88, Y1, Y0, Y4
	VSHUFPS     $0xDD, Y1, Y0, Y5

	// Not (Slack < slack or upper < Upper).
	VCMPPS    $17, (SI)(R10*4), Y4, Y4
	VMOVUPS   (DX)(R10*4), Y0
	VCMPPS    $17, Y5, Y0, Y5
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
	MOVQ R11, found+48(FP)
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
