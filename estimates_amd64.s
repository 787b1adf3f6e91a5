//go:build !purego

#include "textflag.h"
#include "estimates_amd64.h"

// The routines of estimates.go: rows of float32 to integers of 16 bits, and their products
// with centers of 8 bits. avx512vnni has its own, but for measure.

DATA estimateSign<>+0(SB)/4, $0x7FFFFFFF
GLOBL estimateSign<>(SB), RODATA|NOPTR, $4

// ---- measure ----
//
// The largest magnitude of x − shift, weighted, and the sum of squares without the weights.
//
//	SI  x    DX  shift    BX  weights    CX  blocks of 16 left
//	Y0…Y3   elements, magnitudes    Y4,Y5 largest magnitudes    Y6…Y9 sums    Y15 sign mask

#define MEASURE(o, A, B, S, T) \
	VMOVUPS o(SI), A;              \
	VMOVUPS (o+32)(SI), B;         \
	VSUBPS  o(DX), A, A;           \
	VSUBPS  (o+32)(DX), B, B;      \
	VFMADD231PS A, A, S;           \
	VFMADD231PS B, B, T;           \
	VMULPS  o(BX), A, A;           \
	VMULPS  (o+32)(BX), B, B;      \
	VANDPS  Y15, A, A;             \
	VANDPS  Y15, B, B;             \
	VMAXPS  A, Y4, Y4;             \
	VMAXPS  B, Y5, Y5

// func measureAVX2(x, shift, weights unsafe.Pointer, blocks int) (largest, square float32)
TEXT ·measureAVX2(SB), NOSPLIT, $0-40
	MOVQ x+0(FP), SI
	MOVQ shift+8(FP), DX
	MOVQ weights+16(FP), BX
	MOVQ blocks+24(FP), CX
	VBROADCASTSS estimateSign<>(SB), Y15
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	VXORPS Y8, Y8, Y8
	VXORPS Y9, Y9, Y9
	SUBQ $2, CX
	JLT  last

two:
	MEASURE(0, Y0, Y1, Y6, Y7)
	MEASURE(64, Y2, Y3, Y8, Y9)
	ADDQ $128, SI
	ADDQ $128, DX
	ADDQ $128, BX
	SUBQ $2, CX
	JGE  two

last:
	ADDQ $2, CX
	JZ   sum
	MEASURE(0, Y0, Y1, Y6, Y7)

sum:
	VMAXPS Y5, Y4, Y4
	VADDPS Y7, Y6, Y6
	VADDPS Y9, Y8, Y8
	VADDPS Y8, Y6, Y6
	VEXTRACTF128 $1, Y4, X5
	VEXTRACTF128 $1, Y6, X7
	VMAXPS X5, X4, X4
	VADDPS X7, X6, X6
	VMOVHLPS X4, X4, X5
	VMOVHLPS X6, X6, X7
	VMAXPS X5, X4, X4
	VADDPS X7, X6, X6
	VMOVSHDUP X4, X5
	VMOVSHDUP X6, X7
	VMAXSS X5, X4, X4
	VADDSS X7, X6, X6
	VMOVSS X4, largest+32(FP)
	VMOVSS X6, square+36(FP)
	VZEROUPPER
	RET

// ---- round ----
//
// x − shift, weighted, times a scale, rounded to integers of 16 bits.
//
//	DI  dst    SI  x    DX  shift    BX  weights    CX  blocks of 16 left
//	Y0,Y1   elements, integers    Y15 scale

// func roundAVX2(dst, x, shift, weights unsafe.Pointer, blocks int, scale float32)
TEXT ·roundAVX2(SB), NOSPLIT, $0-44
	MOVQ dst+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ shift+16(FP), DX
	MOVQ weights+24(FP), BX
	MOVQ blocks+32(FP), CX
	VBROADCASTSS scale+40(FP), Y15
	TESTQ CX, CX
	JZ    done

block:
	VMOVUPS   (SI), Y0
	VMOVUPS   32(SI), Y1
	VSUBPS    (DX), Y0, Y0
	VSUBPS    32(DX), Y1, Y1
	VMULPS    (BX), Y0, Y0
	VMULPS    32(BX), Y1, Y1
	VMULPS    Y15, Y0, Y0
	VMULPS    Y15, Y1, Y1
	VCVTPS2DQ Y0, Y0
	VCVTPS2DQ Y1, Y1
	VPACKSSDW Y1, Y0, Y0
	VPERMQ    $0xD8, Y0, Y0
	VMOVDQU   Y0, (DI)
	ADDQ $32, DI
	ADDQ $64, SI
	ADDQ $64, DX
	ADDQ $64, BX
	DECQ CX
	JNZ  block

done:
	VZEROUPPER
	RET

// ---- estimate ----
//
// dst[i], the bound of row slots[i] and center idx[i], of 16 and 8 bits: the sum of their
// products has 32 bits, and fits. 64 columns at a time; meanwhile a center further on is
// fetched into the cache.
//
//	DI  dst    R8  integers of rows    R9  slots    R10 of centers    R11 idx
//	CX  pairs left    DX  width, of centers in bytes    SI  end of the row, then what is known
//	of it    BX  end of the center, then the same    R12 rows, 40 bytes each    R13 parts of
//	centers, 40 bytes each    R15 end of the center fetched    AX  offset from the end
//	Y0…Y3 sums    Y4…Y7 elements, later temporaries

// How many pairs ahead.
#define AHEAD 2

// func estimateAVX2(dst, integers, rows, slots, centers, parts, idx unsafe.Pointer, n, width int)
TEXT ·estimateAVX2(SB), NOSPLIT, $0-72
	MOVQ dst+0(FP), DI
	MOVQ integers+8(FP), R8
	MOVQ rows+16(FP), R12
	MOVQ slots+24(FP), R9
	MOVQ centers+32(FP), R10
	MOVQ parts+40(FP), R13
	MOVQ idx+48(FP), R11
	MOVQ n+56(FP), CX
	MOVQ width+64(FP), DX
	TESTQ CX, CX
	JZ    done

pair:
	MOVLQSX (R9), SI
	MOVLQSX (R11), BX
	MOVQ BX, R15
	CMPQ CX, $AHEAD
	JLE  near
	MOVLQSX (4*AHEAD)(R11), R15

near:
	INCQ  SI
	INCQ  BX
	INCQ  R15
	IMULQ DX, SI
	IMULQ DX, BX
	IMULQ DX, R15
	LEAQ  (R8)(SI*2), SI
	ADDQ  R10, BX
	ADDQ  R10, R15
	MOVQ  DX, AX
	NEGQ  AX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3

columns:
	VPMOVSXBW (BX)(AX*1), Y4
	VPMOVSXBW 16(BX)(AX*1), Y5
	VPMOVSXBW 32(BX)(AX*1), Y6
	VPMOVSXBW 48(BX)(AX*1), Y7
	PREFETCHT0 (R15)(AX*1)
	VPMADDWD  (SI)(AX*2), Y4, Y4
	VPMADDWD  32(SI)(AX*2), Y5, Y5
	VPMADDWD  64(SI)(AX*2), Y6, Y6
	VPMADDWD  96(SI)(AX*2), Y7, Y7
	VPADDD    Y4, Y0, Y0
	VPADDD    Y5, Y1, Y1
	VPADDD    Y6, Y2, Y2
	VPADDD    Y7, Y3, Y3
	ADDQ $64, AX
	JNZ  columns

	VPADDD Y1, Y0, Y0
	VPADDD Y3, Y2, Y2
	VPADDD Y2, Y0, Y0
	SUMLANES
	MOVLQSX (R9), SI
	MOVLQSX (R11), BX
	ESTIMATE
	ADDQ $8, DI
	ADDQ $4, R9
	ADDQ $4, R11
	DECQ CX
	JNZ  pair

done:
	VZEROUPPER
	RET
