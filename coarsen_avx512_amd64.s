//go:build !purego

#include "textflag.h"

// Rows to 8-bit integers for AVX-512: what coarse_amd64.s does, with the layouts of
// coarse_avx512_amd64.s. Those of centers come from the routine there.

DATA coarseHalf512<>+0(SB)/4, $0x3F000000
GLOBL coarseHalf512<>(SB), RODATA|NOPTR, $4
DATA coarseFloor512<>+0(SB)/4, $0xCE800000 // -2³⁰
GLOBL coarseFloor512<>(SB), RODATA|NOPTR, $4
DATA coarseSign512<>+0(SB)/4, $0x7FFFFFFF
GLOBL coarseSign512<>(SB), RODATA|NOPTR, $4
DATA coarseEven512<>+0(SB)/4, $0x00FF00FF
GLOBL coarseEven512<>(SB), RODATA|NOPTR, $4
DATA coarseBiases512<>+0(SB)/4, $0x70707070 // coarseBias
GLOBL coarseBiases512<>(SB), RODATA|NOPTR, $4
DATA coarseBiasesVNNI<>+0(SB)/4, $0x7F7F7F7F // coarseBiasVNNI
GLOBL coarseBiasesVNNI<>(SB), RODATA|NOPTR, $4

// ---- coarsen ----
//
// A panel of 32 rows of float32, with the squared norm of each, to one of 8-bit
// integers: each row times the scale that makes its largest element most, or the norm of a
// block what that may be. Leaves the state for the scores of the rows. The number of quads
// in a block and what its sums begin with are macros, which differ for avx512vnni.
//
//	DI  panel    SI  float panel    R9  a column of it    BX  state    R8  norms
//	R10 squared norms without heavy columns    R11 begin of the block    DX  format
//	CX  quads    AX  those left    R12 those left of the block    K1  upper halves of 32 bits
//	Z8,Z9   largest squared norms of blocks, then scales    Z10…Z13  such norms, then sums
//	of squares of residuals and of integers    Z0…Z6   temporaries    Z7  sign mask
//	Z14 largest magnitudes (rows 16…31: Z15), then the mask of even bytes    Z15 biases

// The next block of at most 16 quads. The bias times four bytes, less from the sums of both
// halves of 32 bits; the bias, and what the sums come to in the end.
#define NEXTBLOCK \
	MOVQ $16, R12;      \
	CMPQ AX, R12;       \
	CMOVQLT AX, R12;    \
	SUBQ R12, AX
#define TAKEBIAS(A, SUM) \
	VPMADDUBSW A, Z15, A; \
	VPSUBW A, SUM, SUM
#define BIASES coarseBiases512<>(SB)
#define ENDBLOCK(SUM)
// The squares of a block, added up; S = the less of TOP and what fits with them, Z0 is the
// least norm that counts.
#define ADDSQUARE(Z, S) VFMADD231PS Z, Z, S
#define FITBLOCK(TOP, S) \
	VSQRTPS S, S;           \
	VMAXPS Z0, S, S;        \
	VBROADCASTSS 8(DX), Z0; \
	VDIVPS S, Z0, S;        \
	VMINPS TOP, S, S

// The largest magnitudes of a column, and its squares to S, T.
#define LARGEST(o, S, T) \
	VMOVUPS o(R9), Z0;            \
	VMOVUPS (o+64)(R9), Z1;       \
	ADDSQUARE(Z0, S);             \
	ADDSQUARE(Z1, T);             \
	VANDPS Z0, Z7, Z0;            \
	VANDPS Z1, Z7, Z1;            \
	VMAXPS Z0, Z14, Z14;          \
	VMAXPS Z1, Z15, Z15

// The scales of the half at byte o of which TOP are the largest magnitudes and S the
// largest squared norms of blocks; the factors.
#define SCALE(o, TOP, S) \
	VBROADCASTSS 4(DX), Z0;       \
	VMAXPS Z0, TOP, TOP;          \
	VBROADCASTSS (DX), Z1;        \
	VDIVPS TOP, Z1, TOP;          \ // most / largest
	FITBLOCK(TOP, S);             \
	VSQRTPS o(R8), Z0;            \
	VBROADCASTSS 16(DX), Z1;      \
	VMAXPS Z0, Z1, Z1;            \
	VBROADCASTSS 44(DX), Z0;      \
	VDIVPS Z1, Z0, Z0;            \
	VMINPS Z0, S, S;              \
	VBROADCASTSS 12(DX), Z0;      \
	VMULPS Z0, S, Z0;             \
	VMOVUPS Z0, o(BX)

// Half a column times the scale as integers in Q; the squares of what they lost.
#define ROUND(o, S, Y, Q, R) \
	VMULPS o(R9), S, Y;           \
	VCVTPS2DQ Y, Q;               \
	VCVTDQ2PS Q, Z5;              \
	VSUBPS Z5, Y, Y;              \
	VFMADD231PS Y, Y, R

// Four of them side by side, times the bias less from SUM.
#define JOIN(o, A, B, C, D, SUM) \
	VPSLLD    $16, B, B;          \
	VMOVDQU16 B, K1, A;           \
	VPSLLD    $16, D, D;          \
	VMOVDQU16 D, K1, C;           \
	VPANDD    Z14, A, A;          \
	VPSLLW    $8, C, C;           \
	VPORD     C, A, A;            \
	VMOVDQU32 A, o(DI);           \
	TAKEBIAS(A, SUM)

// Half a quad of columns.
#define QUAD(o, S, SUM, R) \
	ROUND(o, S, Z0, Z1, R);        \
	ROUND((128+o), S, Z0, Z2, R);  \
	ROUND((256+o), S, Z0, Z3, R);  \
	ROUND((384+o), S, Z0, Z4, R);  \
	JOIN(o, Z1, Z2, Z3, Z4, SUM)

// The error of the half at byte o of which S are the scales and R the squared residuals,
// what scores begin with, and what is taken off them: as in coarse_amd64.s.
#define STATE(o, S, R) \
	VSQRTPS o(R10), Z0;           \
	VMULPS S, Z0, Z0;             \
	VBROADCASTSS 24(DX), Z1;      \
	VMULPS Z1, Z0, Z0;            \
	VSQRTPS R, R;                 \
	VBROADCASTSS 32(DX), Z1;      \
	VADDPS Z1, R, R;              \
	VBROADCASTSS 28(DX), Z1;      \
	VMULPS Z1, R, R;              \
	VMAXPS R, Z0, Z0;             \
	VMOVUPS Z0, (128+o)(BX);      \
	VMOVUPS o(BX), Z3;            \
	VMOVUPS o(R8), Z4;            \
	VSQRTPS Z4, Z0;               \
	VBROADCASTSS 20(DX), Z1;      \
	VMULPS Z1, Z0, Z0;            \
	VBROADCASTSS 16(DX), Z1;      \
	VSUBPS Z1, Z0, Z0;            \
	VXORPS Z1, Z1, Z1;            \
	VMAXPS Z1, Z0, Z0;            \
	VBROADCASTSS coarseHalf512<>(SB), Z1; \
	VMULPS Z0, Z0, Z0;            \
	VMULPS Z1, Z0, Z0;            \
	VMULPS Z1, Z4, Z1;            \
	VSUBPS Z0, Z1, Z1;            \
	VMULPS Z3, Z0, Z0;            \
	VMOVUPS Z0, (384+o)(BX);      \
	VMULPS Z3, Z1, Z1;            \
	VMULPS Z3, Z4, Z4;            \
	VBROADCASTSS 36(DX), Z0;      \
	VFNMADD231PS Z0, Z4, Z1;      \
	VBROADCASTSS 40(DX), Z0;      \
	VSUBPS Z0, Z1, Z1;            \
	VBROADCASTSS coarseFloor512<>(SB), Z0; \
	VMAXPS Z0, Z1, Z1;            \
	VMOVUPS Z1, (256+o)(BX)

// The routine. The names of the labels come as arguments.
#define COARSEN(norm, largest, block, quad) \
	MOVQ panel+0(FP), DI; \
	MOVQ state+8(FP), BX; \
	MOVQ x+16(FP), SI; \
	MOVQ norms+24(FP), R8; \
	MOVQ light+32(FP), R10; \
	MOVQ format+40(FP), DX; \
	MOVQ quads+48(FP), CX; \
	MOVL   $0xAAAAAAAA, AX; \
	KMOVD  AX, K1; \
	VBROADCASTSS coarseSign512<>(SB), Z7; \
	VXORPS Z14, Z14, Z14; \
	VXORPS Z15, Z15, Z15; \
	VXORPS Z8, Z8, Z8; \
	VXORPS Z9, Z9, Z9; \
	MOVQ   SI, R9; \
	MOVQ   CX, AX; \
norm: \
	NEXTBLOCK; \
	VXORPS Z10, Z10, Z10; \
	VXORPS Z11, Z11, Z11; \
	VXORPS Z12, Z12, Z12; \
	VXORPS Z13, Z13, Z13; \
largest: \
	LARGEST(0, Z10, Z11); \
	LARGEST(128, Z12, Z13); \
	LARGEST(256, Z10, Z11); \
	LARGEST(384, Z12, Z13); \
	ADDQ   $512, R9; \
	DECQ   R12; \
	JNZ    largest; \
	VMAXPS Z10, Z8, Z8; \
	VMAXPS Z12, Z8, Z8; \
	VMAXPS Z11, Z9, Z9; \
	VMAXPS Z13, Z9, Z9; \
	TESTQ  AX, AX; \
	JNZ    norm; \
	SCALE(0, Z14, Z8); \
	SCALE(64, Z15, Z9); \
	VPBROADCASTD coarseEven512<>(SB), Z14; \
	VPBROADCASTD BIASES, Z15; \
	VXORPS Z10, Z10, Z10; \
	VXORPS Z11, Z11, Z11; \
	MOVQ   SI, R9; \
	MOVQ   CX, AX; \
block: \
	NEXTBLOCK; \
	MOVQ   DI, R11; \
	ADDQ   $128, DI; \
	VPXORD Z12, Z12, Z12; \
	VPXORD Z13, Z13, Z13; \
quad: \
	QUAD(0, Z8, Z12, Z10); \
	QUAD(64, Z9, Z13, Z11); \
	ADDQ $512, R9; \
	ADDQ $128, DI; \
	DECQ R12; \
	JNZ  quad; \
	ENDBLOCK(Z12); \
	ENDBLOCK(Z13); \
	VMOVDQU32 Z12, (R11); \
	VMOVDQU32 Z13, 64(R11); \
	TESTQ AX, AX; \
	JNZ   block; \
	STATE(0, Z8, Z10); \
	STATE(64, Z9, Z11); \
	VPTERNLOGD $0xFF, Z0, Z0, Z0; \ // the least scores: the largest there is
	VPSRLW     $1, Z0, Z0; \
	VMOVDQU32  Z0, 512(BX); \
	VZEROUPPER; \
	RET

// func coarsenAVX512(panel, state, x, norms, light, format unsafe.Pointer, quads int)
TEXT ·coarsenAVX512(SB), NOSPLIT, $0-56
	COARSEN(norm, largest, block, quad)

// One block, whose sums are of 32 bits: whatever its norm, they fit.
#undef NEXTBLOCK
#define NEXTBLOCK \
	MOVQ AX, R12; \
	XORQ AX, AX
#undef TAKEBIAS
#define TAKEBIAS(A, SUM) VPDPBUSD A, Z15, SUM
#undef BIASES
#define BIASES coarseBiasesVNNI<>(SB)
#undef ENDBLOCK
#define ENDBLOCK(SUM) \
	VPXORD Z0, Z0, Z0; \
	VPSUBD SUM, Z0, SUM
#undef ADDSQUARE
#define ADDSQUARE(Z, S)
#undef FITBLOCK
#define FITBLOCK(TOP, S) VMOVAPS TOP, S

// func coarsenAVX512VNNI(panel, state, x, norms, light, format unsafe.Pointer, quads int)
TEXT ·coarsenAVX512VNNI(SB), NOSPLIT, $0-56
	COARSEN(norm, largest, block, quad)
