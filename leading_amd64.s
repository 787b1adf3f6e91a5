//go:build !purego

#include "textflag.h"
#include "estimates_amd64.h"
#include "leading_amd64.h"

// The routines of leading.go for AVX2: integers of 7 bits of the rest of a row, restBias
// added, and products of these with signed ones of 8 bits of centers.

DATA restSign<>+0(SB)/4, $0x7FFFFFFF
GLOBL restSign<>(SB), RODATA|NOPTR, $4
DATA restBias<>+0(SB)/4, $0x00000040
GLOBL restBias<>(SB), RODATA|NOPTR, $4
DATA restOnes<>+0(SB)/4, $0x00010001
GLOBL restOnes<>(SB), RODATA|NOPTR, $4

// The elements of the next block, x − shift, to Y4 and Y5.
#define BLOCK \
	MOVLQSX (R8), BX;           \
	ADDQ $4, R8;                \
	VMOVUPS (SI)(BX*4), Y4;     \
	VMOVUPS 32(SI)(BX*4), Y5;   \
	VSUBPS  (R9)(BX*4), Y4, Y4; \
	VSUBPS  32(R9)(BX*4), Y5, Y5

// ---- measure ----
//
// The largest magnitude, and the sum of squares, of blocks of 16 columns of x − shift.
//
//	SI  x    R9  shift    R8  first columns of blocks    CX  those left    BX  one
//	Y0,Y2  largest    Y1,Y3 squares    Y4,Y5 elements    Y7 sign mask

// func measureBlocksAVX2(x, shift, blocks unsafe.Pointer, n int) (largest, square float32)
TEXT ·measureBlocksAVX2(SB), NOSPLIT, $0-40
	MOVQ x+0(FP), SI
	MOVQ shift+8(FP), R9
	MOVQ blocks+16(FP), R8
	MOVQ n+24(FP), CX
	VPBROADCASTD restSign<>(SB), Y7
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	TESTQ CX, CX
	JZ    done

block:
	BLOCK
	VFMADD231PS Y4, Y4, Y1
	VFMADD231PS Y5, Y5, Y3
	VANDPS  Y7, Y4, Y4
	VANDPS  Y7, Y5, Y5
	VMAXPS  Y4, Y0, Y0
	VMAXPS  Y5, Y2, Y2
	DECQ CX
	JNZ  block

	VMAXPS  Y2, Y0, Y0
	VADDPS  Y3, Y1, Y1
	VEXTRACTF128 $1, Y0, X4
	VEXTRACTF128 $1, Y1, X5
	VMAXPS  X4, X0, X0
	VADDPS  X5, X1, X1
	VPERMILPS $0x4E, X0, X4
	VPERMILPS $0x4E, X1, X5
	VMAXPS  X4, X0, X0
	VADDPS  X5, X1, X1
	VPERMILPS $0xB1, X0, X4
	VPERMILPS $0xB1, X1, X5
	VMAXPS  X4, X0, X0
	VADDPS  X5, X1, X1

done:
	VMOVSS X0, largest+32(FP)
	VMOVSS X1, square+36(FP)
	VZEROUPPER
	RET

// ---- round ----
//
// Blocks of 16 columns of x − shift, times a scale, rounded, and the bias, to bytes side by
// side.
//
//	DI  bytes    SI  x    R9  shift    R8  first columns of blocks    CX  those left
//	BX  one    Y4,Y5 elements, integers    Y14 bias    Y15 scale

// func roundBlocksAVX2(dst, x, shift, blocks unsafe.Pointer, n int, scale float32)
TEXT ·roundBlocksAVX2(SB), NOSPLIT, $0-44
	MOVQ dst+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ shift+16(FP), R9
	MOVQ blocks+24(FP), R8
	MOVQ n+32(FP), CX
	VBROADCASTSS scale+40(FP), Y15
	VPBROADCASTD restBias<>(SB), Y14
	TESTQ CX, CX
	JZ    done

block:
	BLOCK
	VMULPS  Y15, Y4, Y4
	VMULPS  Y15, Y5, Y5
	VCVTPS2DQ Y4, Y4
	VCVTPS2DQ Y5, Y5
	VPADDD  Y14, Y4, Y4
	VPADDD  Y14, Y5, Y5
	VPACKSSDW Y5, Y4, Y4 // columns 0…3, 8…11, 4…7, 12…15
	VPERMQ  $0xD8, Y4, Y4
	VEXTRACTI128 $1, Y4, X5
	VPACKUSWB X5, X4, X4
	VMOVDQU X4, (DI)
	ADDQ $16, DI
	DECQ CX
	JNZ  block

done:
	VZEROUPPER
	RET

// ---- list ----
//
//	Y0,Y1 sums    Y4,Y5 integers of the row, products    Y15 ones of 16 bits

// func restListAVX2(outRows, outCenters, rows, centers, scores, known, integers, knownCenters, centerIntegers unsafe.Pointer, n, first, width, stride int) (found int)
TEXT ·restListAVX2(SB), NOSPLIT, $0-112
	VPBROADCASTD restOnes<>(SB), Y15
	BEGINLIST(done)

pair:
	PAIR(near)
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1

columns:
	VMOVDQU (R13)(AX*1), Y4
	VMOVDQU 32(R13)(AX*1), Y5
	VPMADDUBSW (R15)(AX*1), Y4, Y4
	VPMADDUBSW 32(R15)(AX*1), Y5, Y5
	PREFETCHT0 (BX)(AX*1)
	VPMADDWD Y15, Y4, Y4
	VPMADDWD Y15, Y5, Y5
	VPADDD   Y4, Y0, Y0
	VPADDD   Y5, Y1, Y1
	ADDQ $64, AX
	JNZ  columns
	VPADDD Y1, Y0, Y0
	SUMLANES
	ENDPAIR(pair)
	ENDLIST(stay, done)
