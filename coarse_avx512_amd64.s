//go:build !purego

#include "textflag.h"
#include "nearest_avx512_amd64.h"

// The kernels on rows and centers of 8-bit integers for AVX-512. They do what those of
// coarse_amd64.s do, with panels of 32 rows, for the levels avx512 and avx512vnni:
//
//	panel   as there, with 128 bytes for what sums begin with and for a column
//	state   the same numbers of each row, 128 bytes each, and the least scores, 64
//	scores  64 bytes a center: those of rows 0…3, 16…19, 4…7, 20…23, 8…11, 24…27, 12…15,
//	        28…31 (int16)
//
// Group and format are the same, and so are the routines that make integers of a center.

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
DATA coarseOnes512<>+0(SB)/4, $0x00010001
GLOBL coarseOnes512<>(SB), RODATA|NOPTR, $4

// The row of each score.
DATA coarseRows512<>+0(SB)/8, $0x1312111003020100
DATA coarseRows512<>+8(SB)/8, $0x1716151407060504
DATA coarseRows512<>+16(SB)/8, $0x1B1A19180B0A0908
DATA coarseRows512<>+24(SB)/8, $0x1F1E1D1C0F0E0D0C
GLOBL coarseRows512<>(SB), RODATA|NOPTR, $32

#define ES 4
#define BCAST VPBROADCASTD

// ---- scores ----
//
// The scores of n groups of 1 to 12 centers for the rows of a panel. The sums of a block of
// columns are of 16 bits, those of a quad's columns 0 and 2 beside those of 1 and 3; the
// sums of the blocks are of 32.
//
//	AX  groups left          BX  state
//	SI  this group           R8  center elements     R10 header of this group
//	DI  panel                R9  panel column        R11 pairs of quads
//	CX  those left           DX  those left of the block, or columns
//	R12 scores of this group    R13 what they begin with, then the sums of the blocks
//	Z0…Z23   accumulators, as for nearest
//	Z24…Z27  two panel columns, later numbers of bits
//	Z28,Z29  a broadcast quad of a center, later ones, or the least scores    Z31 temporary

// What the scores begin with.
#define BEGIN(c, n, A, B) \
	VBROADCASTSS (4*c)(R10), Z28;  \
	VMOVUPS 256(BX), A;            \
	VMOVUPS 320(BX), B;            \
	VFMADD231PS (BX), Z28, A;      \
	VFMADD231PS 64(BX), Z28, B;    \
	VBROADCASTSS (4*(n+1+c))(R10), Z28; \
	VFNMADD231PS 128(BX), Z28, A;  \
	VFNMADD231PS 192(BX), Z28, B
#define HEAVY(c, n, A, B) \
	VBROADCASTSS (4*c)(R8), Z28;   \
	VFMADD231PS Z24, Z28, A;       \
	VFMADD231PS Z25, Z28, B
#define KEEP(c, n, A, B) \
	VCVTPS2DQ A, A;                \
	VCVTPS2DQ B, B;                \
	VMOVDQU32 A, (128*c)(R13);     \
	VMOVDQU32 B, (128*c+64)(R13)

// A block: what its sums begin with, a product, the sums of both halves of 32 bits.
#define BLOCK(c, n, A, B) \
	VMOVDQA32 Z24, A;              \
	VMOVDQA32 Z25, B
#define MADD(E, P, A) \
	VPMADDUBSW P, E, Z31;          \
	VPADDW     Z31, A, A
#define WIDEN(c, n, A, B) \
	VPMADDWD Z28, A, A;            \
	VPMADDWD Z28, B, B
#define KEEPSUM(c, n, A, B) \
	VMOVDQU32 A, (128*(n+c))(R13); \
	VMOVDQU32 B, (128*(n+c)+64)(R13)
#define ADDSUM(c, n, A, B) \
	VPADDD (128*(n+c))(R13), A, A; \
	VPADDD (128*(n+c)+64)(R13), B, B

// The sums and what the scores begin with, to 16 bits.
#define FINISH(c, n, A, B) \
	VMOVD  (4*(2*n+1+c))(R10), X24;    \
	VPSRAD X24, A, A;                  \
	VPSRAD X24, B, B;                  \
	VPADDD (128*c)(R13), A, A;         \
	VPADDD (128*c+64)(R13), B, B;      \
	VPSRAD X25, A, A;                  \
	VPSRAD X25, B, B;                  \
	VPACKSSDW B, A, A;                 \
	VMOVDQU32 A, (64*c)(R12);          \
	VPMINSW A, Z28, Z28

#define SCORES(n, EACH, group, heavy, light, block, pair, first, finish) \
group: \
	MOVQ SI, R10;             \
	LEAQ ((3*n+1)*ES)(SI), R8; \
	EACH(BEGIN, n);           \
	MOVQ heavy+64(FP), DX;    \
	TESTQ DX, DX;             \
	JZ   light;               \
	MOVQ columns+24(FP), R9;  \
heavy: \
	VMOVUPS (R9), Z24;        \
	VMOVUPS 64(R9), Z25;      \
	EACH(HEAVY, n);           \
	ADDQ $128, R9;            \
	ADDQ $(n*ES), R8;         \
	DECQ DX;                  \
	JNZ  heavy;               \
light: \
	EACH(KEEP, n);            \
	MOVQ DI, R9;              \
	MOVQ R11, CX;             \
block: \
	MOVQ $8, DX;              \
	CMPQ CX, DX;              \
	CMOVQLT CX, DX;           \
	SUBQ DX, CX;              \
	VMOVDQU32 (R9), Z24;      \
	VMOVDQU32 64(R9), Z25;    \
	ADDQ $128, R9;            \
	EACH(BLOCK, n);           \
	PCALIGN $32;              \
pair: \ // eight columns
	VMOVDQU32 (R9), Z24;      \
	VMOVDQU32 64(R9), Z25;    \
	VMOVDQU32 128(R9), Z26;   \
	VMOVDQU32 192(R9), Z27;   \
	EACH(FIRST, n);           \
	EACH(SECOND, n);          \
	ADDQ $256, R9;            \
	ADDQ $(2*n*ES), R8;       \
	DECQ DX;                  \
	JNZ  pair;                \
	BCAST coarseOnes512<>(SB), Z28; \
	EACH(WIDEN, n);           \
	MOVQ R11, DX;             \
	SUBQ CX, DX;              \
	CMPQ DX, $8;              \
	JLE  first;               \
	EACH(ADDSUM, n);          \
first: \
	TESTQ CX, CX;             \
	JZ   finish;              \
	EACH(KEEPSUM, n);         \
	JMP  block;               \
finish: \
	VMOVDQU32 512(BX), Z28;   \
	VMOVD shift+80(FP), X25;  \
	EACH(FINISH, n);          \
	VMOVDQU32 Z28, 512(BX);   \
	ADDQ $(64*n), R12;        \
	MOVQ R8, SI;              \
	DECQ AX;                  \
	JNZ  group;               \
	VZEROUPPER;               \
	RET

// func coarseScoresAVX512(scores, state, panel, columns, groups, sums unsafe.Pointer, n, size, heavy, depth, shift int)
TEXT ·coarseScoresAVX512(SB), NOSPLIT, $0-88
	MOVQ scores+0(FP), R12
	MOVQ state+8(FP), BX
	MOVQ panel+16(FP), DI
	MOVQ groups+32(FP), SI
	MOVQ sums+40(FP), R13
	MOVQ n+48(FP), AX
	MOVQ size+56(FP), DX
	MOVQ depth+72(FP), R11
	SHRQ $1, R11
	CMPQ DX, $12
	JEQ  group12
	CMPQ DX, $11
	JEQ  group11
	CMPQ DX, $10
	JEQ  group10
	CMPQ DX, $9
	JEQ  group9
	CMPQ DX, $8
	JEQ  group8
	CMPQ DX, $7
	JEQ  group7
	CMPQ DX, $6
	JEQ  group6
	CMPQ DX, $5
	JEQ  group5
	CMPQ DX, $4
	JEQ  group4
	CMPQ DX, $3
	JEQ  group3
	CMPQ DX, $2
	JEQ  group2
	SCORES(1, EACH1, group1, heavy1, light1, block1, pair1, first1, finish1)
	SCORES(2, EACH2, group2, heavy2, light2, block2, pair2, first2, finish2)
	SCORES(3, EACH3, group3, heavy3, light3, block3, pair3, first3, finish3)
	SCORES(4, EACH4, group4, heavy4, light4, block4, pair4, first4, finish4)
	SCORES(5, EACH5, group5, heavy5, light5, block5, pair5, first5, finish5)
	SCORES(6, EACH6, group6, heavy6, light6, block6, pair6, first6, finish6)
	SCORES(7, EACH7, group7, heavy7, light7, block7, pair7, first7, finish7)
	SCORES(8, EACH8, group8, heavy8, light8, block8, pair8, first8, finish8)
	SCORES(9, EACH9, group9, heavy9, light9, block9, pair9, first9, finish9)
	SCORES(10, EACH10, group10, heavy10, light10, block10, pair10, first10, finish10)
	SCORES(11, EACH11, group11, heavy11, light11, block11, pair11, first11, finish11)
	SCORES(12, EACH12, group12, heavy12, light12, block12, pair12, first12, finish12)

// ---- coarsen ----
//
// A panel of 32 rows of float32, with the squared norm of each, to one of 8-bit
// integers: each row times the scale that makes its largest element most, or the norm of a
// block what that may be. Leaves the state for the scores of the rows.
//
//	DI  panel    SI  float panel    R9  a column of it    BX  state    R8  norms
//	R10 squared norms without heavy columns    R11 begin of the block    DX  format
//	CX  quads    AX  those left    R12 those left of the block    K1  upper halves of 32 bits
//	Z8,Z9   largest squared norms of blocks, then scales    Z10…Z13  such norms, then sums
//	of squares of residuals and of integers    Z0…Z6   temporaries    Z7  sign mask
//	Z14 largest magnitudes (rows 16…31: Z15), then the mask of even bytes    Z15 biases

// The next block of at most 16 quads.
#define NEXTBLOCK \
	MOVQ $16, R12;      \
	CMPQ AX, R12;       \
	CMOVQLT AX, R12;    \
	SUBQ R12, AX

// The largest magnitudes of a column, and its squares to S, T.
#define LARGEST(o, S, T) \
	VMOVUPS o(R9), Z0;            \
	VMOVUPS (o+64)(R9), Z1;       \
	VFMADD231PS Z0, Z0, S;        \
	VFMADD231PS Z1, Z1, T;        \
	VANDPS Z0, Z7, Z0;            \
	VANDPS Z1, Z7, Z1;            \
	VMAXPS Z0, Z14, Z14;          \
	VMAXPS Z1, Z15, Z15

// The scales of the half at byte o of which TOP are the largest magnitudes and S the
// largest squared norms of blocks; the factors.
#define SCALE(o, TOP, S) \
	VBROADCASTSS 4(DX), Z0;       \
	VMAXPS Z0, TOP, TOP;          \
	VSQRTPS S, S;                 \
	VMAXPS Z0, S, S;              \
	VBROADCASTSS (DX), Z0;        \
	VDIVPS TOP, Z0, TOP;          \ // most / largest
	VBROADCASTSS 8(DX), Z0;       \
	VDIVPS S, Z0, S;              \
	VMINPS TOP, S, S;             \
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
	VPMADDUBSW A, Z15, A;         \
	VPSUBW    A, SUM, SUM

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

// func coarsenAVX512(panel, state, x, norms, light, format unsafe.Pointer, quads int)
TEXT ·coarsenAVX512(SB), NOSPLIT, $0-56
	MOVQ panel+0(FP), DI
	MOVQ state+8(FP), BX
	MOVQ x+16(FP), SI
	MOVQ norms+24(FP), R8
	MOVQ light+32(FP), R10
	MOVQ format+40(FP), DX
	MOVQ quads+48(FP), CX

	MOVL   $0xAAAAAAAA, AX
	KMOVD  AX, K1
	VBROADCASTSS coarseSign512<>(SB), Z7
	VXORPS Z14, Z14, Z14
	VXORPS Z15, Z15, Z15
	VXORPS Z8, Z8, Z8
	VXORPS Z9, Z9, Z9
	MOVQ   SI, R9
	MOVQ   CX, AX

norm:
	NEXTBLOCK
	VXORPS Z10, Z10, Z10
	VXORPS Z11, Z11, Z11
	VXORPS Z12, Z12, Z12
	VXORPS Z13, Z13, Z13

largest:
	LARGEST(0, Z10, Z11)
	LARGEST(128, Z12, Z13)
	LARGEST(256, Z10, Z11)
	LARGEST(384, Z12, Z13)
	ADDQ   $512, R9
	DECQ   R12
	JNZ    largest
	VMAXPS Z10, Z8, Z8
	VMAXPS Z12, Z8, Z8
	VMAXPS Z11, Z9, Z9
	VMAXPS Z13, Z9, Z9
	TESTQ  AX, AX
	JNZ    norm

	SCALE(0, Z14, Z8)
	SCALE(64, Z15, Z9)
	VPBROADCASTD coarseEven512<>(SB), Z14
	VPBROADCASTD coarseBiases512<>(SB), Z15
	VXORPS Z10, Z10, Z10
	VXORPS Z11, Z11, Z11
	MOVQ   SI, R9
	MOVQ   CX, AX

block:
	NEXTBLOCK
	MOVQ   DI, R11
	ADDQ   $128, DI
	VPXORD Z12, Z12, Z12
	VPXORD Z13, Z13, Z13

quad:
	QUAD(0, Z8, Z12, Z10)
	QUAD(64, Z9, Z13, Z11)
	ADDQ $512, R9
	ADDQ $128, DI
	DECQ R12
	JNZ  quad
	VMOVDQU32 Z12, (R11)
	VMOVDQU32 Z13, 64(R11)
	TESTQ AX, AX
	JNZ   block

	STATE(0, Z8, Z10)
	STATE(64, Z9, Z11)
	VPTERNLOGD $0xFF, Z0, Z0, Z0 // the least scores: the largest there is
	VPSRLW     $1, Z0, Z0
	VMOVDQU32  Z0, 512(BX)
	VZEROUPPER
	RET

// ---- list ----
//
// The rows of a panel and the centers whose score is below a limit of the row.
//
//	DI  rows    R9  centers    SI  scores    CX  centers left    R10 this center
//	R12 number of the panel's first row    R11 pairs found    R8  rows of the scores
//	AX  the rows of a center    BX  one of them    Z15 limits, in the order of the scores

// func coarseListAVX512(rows, centers, scores, limits unsafe.Pointer, from, n, first int) (found int)
TEXT ·coarseListAVX512(SB), NOSPLIT, $0-64
	MOVQ rows+0(FP), DI
	MOVQ centers+8(FP), R9
	MOVQ scores+16(FP), SI
	MOVQ limits+24(FP), DX
	MOVQ from+32(FP), R10
	MOVQ n+40(FP), CX
	MOVQ first+48(FP), R12
	LEAQ coarseRows512<>(SB), R8
	VMOVDQU16 (DX), Z15
	XORQ R11, R11

center:
	VPCMPW $6, (SI), Z15, K1 // the limit is greater
	KMOVD  K1, AX
	TESTL  AX, AX
	JNZ    bit

next:
	ADDQ $64, SI
	INCQ R10
	DECQ CX
	JNZ  center
	MOVQ R11, found+56(FP)
	VZEROUPPER
	RET

bit:
	TZCNTL  AX, BX
	MOVBLZX (R8)(BX*1), BX
	ADDL    R12, BX
	MOVL    BX, (DI)(R11*4)
	MOVL    R10, (R9)(R11*4)
	INCQ    R11
	BLSRL   AX, AX
	JNZ     bit
	JMP     next

// ---- bounds ----
//
// Lower bounds of the distances of the rows of a panel to all centers, in a byte each, as
// in coarse_amd64.s.
//
//	DI  dst, 32 bytes a center    SI  scores    DX  terms, roots and bases (float32, in the
//	order of the scores)    CX  centers left
//	Z10,Z11 terms    Z12,Z13 roots    Z8,Z9 bases    Z15 zero    Y14 254 in each byte
//	Y7  the order of four rows each

DATA coarseBound512<>+0(SB)/4, $0xFEFEFEFE
GLOBL coarseBound512<>(SB), RODATA|NOPTR, $4
DATA coarseFours<>+0(SB)/8, $0x0000000400000000
DATA coarseFours<>+8(SB)/8, $0x0000000500000001
DATA coarseFours<>+16(SB)/8, $0x0000000600000002
DATA coarseFours<>+24(SB)/8, $0x0000000700000003
GLOBL coarseFours<>(SB), RODATA|NOPTR, $32

// Half the scores: their bounds as integers.
#define BOUNDS(o, TERM, ROOT, BASE, Y) \
	VPMOVSXWD  o(SI), Y;      \
	VCVTDQ2PS  Y, Y;          \
	VSUBPS     TERM, Y, Y;    \
	VMAXPS     Z15, Y, Y;     \
	VSQRTPS    Y, Y;          \
	VMULPS     ROOT, Y, Y;    \
	VSUBPS     BASE, Y, Y;    \
	VCVTTPS2DQ Y, Y // too large: the least integer, so 0

// func coarseBoundsAVX512(dst, scores, rows unsafe.Pointer, k int)
TEXT ·coarseBoundsAVX512(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ scores+8(FP), SI
	MOVQ rows+16(FP), DX
	MOVQ k+24(FP), CX
	VMOVUPS (DX), Z10
	VMOVUPS 64(DX), Z11
	VMOVUPS 128(DX), Z12
	VMOVUPS 192(DX), Z13
	VMOVUPS 256(DX), Z8
	VMOVUPS 320(DX), Z9
	VXORPS  Z15, Z15, Z15
	VPBROADCASTD coarseBound512<>(SB), Y14
	VMOVDQU coarseFours<>(SB), Y7

center:
	BOUNDS(0, Z10, Z12, Z8, Z0)
	BOUNDS(32, Z11, Z13, Z9, Z1)
	VPACKSSDW Z1, Z0, Z0 // rows 0…3, 8…11, 16…19, 24…27, 4…7, 12…15, 20…23, 28…31
	VPMAXSW   Z15, Z0, Z0
	VPMOVUSWB Z0, Y0
	VPMINUB   Y14, Y0, Y0
	VPERMD    Y0, Y7, Y0
	VMOVDQU   Y0, (DI)
	ADDQ      $64, SI
	ADDQ      $32, DI
	DECQ      CX
	JNZ       center
	VZEROUPPER
	RET
