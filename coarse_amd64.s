//go:build !purego

#include "textflag.h"
#include "nearest_amd64.h"

// The kernels on rows and centers of 8-bit integers, for AVX2 (coarse.go has the number
// format and the proof). Layouts, beside those of kernel_amd64.s:
//
//	panel   blocks of 16 quads of columns, the last one shorter: 64 bytes of what their
//	        sums begin with (int16), then columns of 64 bytes, the elements of a quad of
//	        columns of each of 16 rows, in the order of columns 0, 2, 1, 3. After all
//	        blocks, heavy columns of elements in the unit of the scores (float32)
//	group   n half squared norms ½‖c‖² (float32), a number that is not used, n shares of
//	        the error (float32), n shifts (int32); heavy columns of n elements, negated
//	        (float32); columns of n quads of elements, negated and on top of coarseBias,
//	        in the same order
//	state   of each row, float32: the factor that turns ½d² into the unit of the scores,
//	        the error, what scores begin with, what is taken off them; the least score
//	        (int16, in the order of scores)
//	scores  32 bytes a center: those of rows 0…3, 8…11, 4…7, 12…15 (int16)
//	format  float32 each: 0 most, the largest element, 1 least magnitude that may be that,
//	        2 what a block's norm may be, 3 scale of the centers, 4 radius, the largest
//	        norm of a center, 5 what makes a root a lower bound; errors: 6 per norm of a
//	        row, 7 per norm of its residual, 8 what to add to that, 9 per ‖x‖² in the unit
//	        of the scores, 10 fixed, with what makes the scores of 16 bits signed;
//	        11 what the norm of a row, or the radius, times its scale may be

DATA coarseHalf<>+0(SB)/4, $0x3F000000
GLOBL coarseHalf<>(SB), RODATA|NOPTR, $4
DATA coarseFloor<>+0(SB)/4, $0xCE800000 // -2³⁰
GLOBL coarseFloor<>(SB), RODATA|NOPTR, $4
DATA coarseSign<>+0(SB)/4, $0x7FFFFFFF
GLOBL coarseSign<>(SB), RODATA|NOPTR, $4
DATA coarseEven<>+0(SB)/4, $0x00FF00FF
GLOBL coarseEven<>(SB), RODATA|NOPTR, $4
DATA coarseBiases<>+0(SB)/4, $0x70707070 // coarseBias
GLOBL coarseBiases<>(SB), RODATA|NOPTR, $4
DATA coarseOnes<>+0(SB)/4, $0x00010001
GLOBL coarseOnes<>(SB), RODATA|NOPTR, $4

// The row of each bit of a mask of two centers, see list.
DATA coarseRows<>+0(SB)/8, $0x0B0A090803020100
DATA coarseRows<>+8(SB)/8, $0x0B0A090803020100
DATA coarseRows<>+16(SB)/8, $0x0F0E0D0C07060504
DATA coarseRows<>+24(SB)/8, $0x0F0E0D0C07060504
GLOBL coarseRows<>(SB), RODATA|NOPTR, $32

#define ES 4
#define BCAST VPBROADCASTD

// ---- scores ----
//
// The scores of n groups of 1 to 6 centers for the rows of a panel. The sums of a block of
// columns are of 16 bits, those of a quad's columns 0 and 2 beside those of 1 and 3; the
// sums of the blocks are of 32.
//
//	AX  groups left          BX  state
//	SI  this group           R8  center elements     R10 header of this group
//	DI  panel                R9  panel column        R11 pairs of quads
//	CX  those left           DX  those left of the block, or columns
//	R12 scores of this group    R13 what they begin with, then the sums of the blocks
//	Y0…Y11   accumulators, as for nearest
//	Y12,Y13  a panel column, later temporaries
//	Y14      a broadcast quad of a center, later ones, or the least scores    Y15 temporary

// What the scores begin with.
#define BEGIN(c, n, A, B) \
	VBROADCASTSS (4*c)(R10), Y14;  \
	VMOVUPS 128(BX), A;            \
	VMOVUPS 160(BX), B;            \
	VFMADD231PS (BX), Y14, A;      \
	VFMADD231PS 32(BX), Y14, B;    \
	VBROADCASTSS (4*(n+1+c))(R10), Y14; \
	VFNMADD231PS 64(BX), Y14, A;   \
	VFNMADD231PS 96(BX), Y14, B
#define HEAVY(c, n, A, B) \
	VBROADCASTSS (4*c)(R8), Y14;   \
	VFMADD231PS Y12, Y14, A;       \
	VFMADD231PS Y13, Y14, B
#define KEEP(c, n, A, B) \
	VCVTPS2DQ A, A;                \
	VCVTPS2DQ B, B;                \
	VMOVDQU A, (64*c)(R13);        \
	VMOVDQU B, (64*c+32)(R13)

// A block: what its sums begin with, a product, the sums of both halves of 32 bits.
#define BLOCK(c, n, A, B) \
	VMOVDQA Y12, A;                \
	VMOVDQA Y13, B
#define MADD(A, B) \
	VPMADDUBSW Y12, Y14, Y15;      \
	VPMADDUBSW Y13, Y14, Y14;      \
	VPADDW Y15, A, A;              \
	VPADDW Y14, B, B
#define WIDEN(c, n, A, B) \
	VPMADDWD Y14, A, A;            \
	VPMADDWD Y14, B, B
#define KEEPSUM(c, n, A, B) \
	VMOVDQU A, (64*(n+c))(R13);    \
	VMOVDQU B, (64*(n+c)+32)(R13)
#define ADDSUM(c, n, A, B) \
	VPADDD (64*(n+c))(R13), A, A;  \
	VPADDD (64*(n+c)+32)(R13), B, B

// The sums and what the scores begin with, to 16 bits.
#define FINISH(c, n, A, B) \
	VMOVD  (4*(2*n+1+c))(R10), X12;    \
	VPSRAD X12, A, A;                  \
	VPSRAD X12, B, B;                  \
	VPADDD (64*c)(R13), A, A;          \
	VPADDD (64*c+32)(R13), B, B;       \
	VPSRAD X13, A, A;                  \
	VPSRAD X13, B, B;                  \
	VPACKSSDW B, A, A;                 \
	VMOVDQU A, (32*c)(R12);            \
	VPMINSW A, Y14, Y14

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
	VMOVUPS (R9), Y12;        \
	VMOVUPS 32(R9), Y13;      \
	EACH(HEAVY, n);           \
	ADDQ $64, R9;             \
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
	VMOVDQU (R9), Y12;        \
	VMOVDQU 32(R9), Y13;      \
	ADDQ $64, R9;             \
	EACH(BLOCK, n);           \
	PCALIGN $32;              \
pair: \ // eight columns
	VMOVDQU (R9), Y12;        \
	VMOVDQU 32(R9), Y13;      \
	EACH(FIRST, n);           \
	VMOVDQU 64(R9), Y12;      \
	VMOVDQU 96(R9), Y13;      \
	EACH(SECOND, n);          \
	ADDQ $128, R9;            \
	ADDQ $(2*n*ES), R8;       \
	DECQ DX;                  \
	JNZ  pair;                \
	VPBROADCASTD coarseOnes<>(SB), Y14; \
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
	VMOVDQU 256(BX), Y14;     \
	VMOVD shift+80(FP), X13;  \
	EACH(FINISH, n);          \
	VMOVDQU Y14, 256(BX);     \
	ADDQ $(32*n), R12;        \
	MOVQ R8, SI;              \
	DECQ AX;                  \
	JNZ  group;               \
	VZEROUPPER;               \
	RET

// func coarseScoresAVX2(scores, state, panel, columns, groups, sums unsafe.Pointer, n, size, heavy, depth, shift int)
TEXT ·coarseScoresAVX2(SB), NOSPLIT, $0-88
	MOVQ scores+0(FP), R12
	MOVQ state+8(FP), BX
	MOVQ panel+16(FP), DI
	MOVQ groups+32(FP), SI
	MOVQ sums+40(FP), R13
	MOVQ n+48(FP), AX
	MOVQ size+56(FP), DX
	MOVQ depth+72(FP), R11
	SHRQ $1, R11
	BYSIZE
	SCORES(1, EACH1, group1, heavy1, light1, block1, pair1, first1, finish1)
	SCORES(2, EACH2, group2, heavy2, light2, block2, pair2, first2, finish2)
	SCORES(3, EACH3, group3, heavy3, light3, block3, pair3, first3, finish3)
	SCORES(4, EACH4, group4, heavy4, light4, block4, pair4, first4, finish4)
	SCORES(5, EACH5, group5, heavy5, light5, block5, pair5, first5, finish5)
	SCORES(6, EACH6, group6, heavy6, light6, block6, pair6, first6, finish6)

// ---- coarsen ----
//
// A panel of 16 rows of float32, with the squared norm of each, to one of 8-bit
// integers: each row times the scale that makes its largest element most, or the norm of a
// block what that may be. Leaves the state for the scores of the rows.
//
//	DI  panel    SI  float panel    R9  a column of it    BX  state    R8  norms
//	R10 squared norms without heavy columns    R11 begin of the block    DX  format
//	CX  quads    AX  those left    R12 those left of the block
//	Y8,Y9   largest squared norms of blocks, then scales    Y10…Y13  such norms, then sums
//	of squares of residuals and of integers    Y0…Y6   temporaries    Y7  sign mask
//	Y14 largest magnitudes (rows 8…15: Y15), then the mask of even bytes    Y15 biases

// The next block of at most 16 quads.
#define NEXTBLOCK \
	MOVQ $16, R12;      \
	CMPQ AX, R12;       \
	CMOVQLT AX, R12;    \
	SUBQ R12, AX

// The largest magnitudes of a column, and its squares to S, T.
#define LARGEST(o, S, T) \
	VMOVUPS o(R9), Y0;            \
	VMOVUPS (o+32)(R9), Y1;       \
	VFMADD231PS Y0, Y0, S;        \
	VFMADD231PS Y1, Y1, T;        \
	VANDPS Y0, Y7, Y0;            \
	VANDPS Y1, Y7, Y1;            \
	VMAXPS Y0, Y14, Y14;          \
	VMAXPS Y1, Y15, Y15

// The scales of the half at byte o of which TOP are the largest magnitudes and S the
// largest squared norms of blocks; the factors.
#define SCALE(o, TOP, S) \
	VBROADCASTSS 4(DX), Y0;       \
	VMAXPS Y0, TOP, TOP;          \
	VSQRTPS S, S;                 \
	VMAXPS Y0, S, S;              \
	VBROADCASTSS (DX), Y0;        \
	VDIVPS TOP, Y0, TOP;          \ // most / largest
	VBROADCASTSS 8(DX), Y0;       \
	VDIVPS S, Y0, S;              \
	VMINPS TOP, S, S;             \
	VSQRTPS o(R8), Y0;            \
	VBROADCASTSS 16(DX), Y1;      \
	VMAXPS Y0, Y1, Y1;            \
	VBROADCASTSS 44(DX), Y0;      \
	VDIVPS Y1, Y0, Y0;            \
	VMINPS Y0, S, S;              \
	VBROADCASTSS 12(DX), Y0;      \
	VMULPS Y0, S, Y0;             \
	VMOVUPS Y0, o(BX)

// Half a column times the scale as integers in Q; the squares of what they lost.
#define ROUND(o, S, Y, Q, R) \
	VMULPS o(R9), S, Y;           \
	VCVTPS2DQ Y, Q;               \
	VCVTDQ2PS Q, Y5;              \
	VSUBPS Y5, Y, Y;              \
	VFMADD231PS Y, Y, R

// Four of them side by side, times the bias less from SUM.
#define JOIN(o, A, B, C, D, SUM) \
	VPSLLD   $16, B, B;           \
	VPBLENDW $0xAA, B, A, A;      \
	VPSLLD   $16, D, D;           \
	VPBLENDW $0xAA, D, C, C;      \
	VPAND    Y14, A, A;           \
	VPSLLW   $8, C, C;            \
	VPOR     C, A, A;             \
	VMOVDQU  A, o(DI);            \
	VPMADDUBSW A, Y15, A;         \
	VPSUBW   A, SUM, SUM

// Half a quad of columns.
#define QUAD(o, S, SUM, R) \
	ROUND(o, S, Y0, Y1, R);        \
	ROUND((64+o), S, Y0, Y2, R);   \
	ROUND((128+o), S, Y0, Y3, R);  \
	ROUND((192+o), S, Y0, Y4, R);  \
	JOIN(o, Y1, Y2, Y3, Y4, SUM)

// The error of the half at byte o of which S are the scales and R the squared residuals,
//
//	max(scale·norm without heavy columns·per norm, (residual + …)·per residual),
//
// what scores begin with, factor·(½‖x‖² − ½·max(0, ‖x‖ − radius)²) − factor·‖x‖²·per ‖x‖²
// − fixed, and what is taken off, factor·½·max(0, ‖x‖ − radius)². No score begins with less
// than −2³⁰: it is the least of all then, whatever is added, and fits 32 bits.
#define STATE(o, S, R) \
	VSQRTPS o(R10), Y0;           \
	VMULPS S, Y0, Y0;             \
	VBROADCASTSS 24(DX), Y1;      \
	VMULPS Y1, Y0, Y0;            \
	VSQRTPS R, R;                 \
	VBROADCASTSS 32(DX), Y1;      \
	VADDPS Y1, R, R;              \
	VBROADCASTSS 28(DX), Y1;      \
	VMULPS Y1, R, R;              \
	VMAXPS R, Y0, Y0;             \
	VMOVUPS Y0, (64+o)(BX);       \
	VMOVUPS o(BX), Y3;            \
	VMOVUPS o(R8), Y4;            \
	VSQRTPS Y4, Y0;               \
	VBROADCASTSS 20(DX), Y1;      \
	VMULPS Y1, Y0, Y0;            \
	VBROADCASTSS 16(DX), Y1;      \
	VSUBPS Y1, Y0, Y0;            \
	VXORPS Y1, Y1, Y1;            \
	VMAXPS Y1, Y0, Y0;            \
	VBROADCASTSS coarseHalf<>(SB), Y1;  \
	VMULPS Y0, Y0, Y0;            \
	VMULPS Y1, Y0, Y0;            \
	VMULPS Y1, Y4, Y1;            \
	VSUBPS Y0, Y1, Y1;            \
	VMULPS Y3, Y0, Y0;            \
	VMOVUPS Y0, (192+o)(BX);      \
	VMULPS Y3, Y1, Y1;            \
	VMULPS Y3, Y4, Y4;            \
	VBROADCASTSS 36(DX), Y0;      \
	VFNMADD231PS Y0, Y4, Y1;      \
	VBROADCASTSS 40(DX), Y0;      \
	VSUBPS Y0, Y1, Y1;            \
	VBROADCASTSS coarseFloor<>(SB), Y0; \
	VMAXPS Y0, Y1, Y1;            \
	VMOVUPS Y1, (128+o)(BX)

// func coarsenAVX2(panel, state, x, norms, light, format unsafe.Pointer, quads int)
TEXT ·coarsenAVX2(SB), NOSPLIT, $0-56
	MOVQ panel+0(FP), DI
	MOVQ state+8(FP), BX
	MOVQ x+16(FP), SI
	MOVQ norms+24(FP), R8
	MOVQ light+32(FP), R10
	MOVQ format+40(FP), DX
	MOVQ quads+48(FP), CX

	VBROADCASTSS coarseSign<>(SB), Y7
	VXORPS Y14, Y14, Y14
	VXORPS Y15, Y15, Y15
	VXORPS Y8, Y8, Y8
	VXORPS Y9, Y9, Y9
	MOVQ   SI, R9
	MOVQ   CX, AX

norm:
	NEXTBLOCK
	VXORPS Y10, Y10, Y10
	VXORPS Y11, Y11, Y11
	VXORPS Y12, Y12, Y12
	VXORPS Y13, Y13, Y13

largest:
	LARGEST(0, Y10, Y11)
	LARGEST(64, Y12, Y13)
	LARGEST(128, Y10, Y11)
	LARGEST(192, Y12, Y13)
	ADDQ   $256, R9
	DECQ   R12
	JNZ    largest
	VMAXPS Y10, Y8, Y8
	VMAXPS Y12, Y8, Y8
	VMAXPS Y11, Y9, Y9
	VMAXPS Y13, Y9, Y9
	TESTQ  AX, AX
	JNZ    norm

	SCALE(0, Y14, Y8)
	SCALE(32, Y15, Y9)
	VPBROADCASTD coarseEven<>(SB), Y14
	VPBROADCASTD coarseBiases<>(SB), Y15
	VXORPS Y10, Y10, Y10
	VXORPS Y11, Y11, Y11
	MOVQ   SI, R9
	MOVQ   CX, AX

block:
	NEXTBLOCK
	MOVQ  DI, R11
	ADDQ  $64, DI
	VPXOR Y12, Y12, Y12
	VPXOR Y13, Y13, Y13

quad:
	QUAD(0, Y8, Y12, Y10)
	QUAD(32, Y9, Y13, Y11)
	ADDQ $256, R9
	ADDQ $64, DI
	DECQ R12
	JNZ  quad
	VMOVDQU Y12, (R11)
	VMOVDQU Y13, 32(R11)
	TESTQ AX, AX
	JNZ   block

	STATE(0, Y8, Y10)
	STATE(32, Y9, Y11)
	VPCMPEQD Y0, Y0, Y0 // the least scores: the largest there is
	VPSRLW   $1, Y0, Y0
	VMOVDQU  Y0, 256(BX)
	VZEROUPPER
	RET

// ---- coarsen a center ----
//
// The elements of a center, negated float32, to 8-bit integers on top of a bias: times
// a scale, at most the bias in magnitude. Leaves the squared norms of the residual, of
// the integers, and the largest of a block.
//
//	DI  quads, R8 bytes apart    SI  elements    CX  pairs of quads    R12 those left of
//	the block    DX  norms    AX, Y14 bias    Y15 scale    Y13 minus bias    Y12 order of bytes
//	Y8  squares of residuals    Y9  of integers    Y10 of the block's    Y11 the largest

DATA coarseOrder<>+0(SB)/8, $0x808080800C040800
DATA coarseOrder<>+8(SB)/8, $0x8080808080808080
DATA coarseOrder<>+16(SB)/8, $0x808080800C040800
DATA coarseOrder<>+24(SB)/8, $0x8080808080808080
GLOBL coarseOrder<>(SB), RODATA|NOPTR, $32

// func coarsenCenterAVX2(quads unsafe.Pointer, stride int, elements unsafe.Pointer, pairs int, scale float32, bias int32, norms unsafe.Pointer)
TEXT ·coarsenCenterAVX2(SB), NOSPLIT, $0-48
	MOVQ quads+0(FP), DI
	MOVQ stride+8(FP), R8
	MOVQ elements+16(FP), SI
	MOVQ pairs+24(FP), CX
	MOVQ norms+40(FP), DX
	VBROADCASTSS scale+32(FP), Y15
	MOVL bias+36(FP), AX
	VMOVD AX, X14
	VPBROADCASTD X14, Y14
	VPXOR  Y13, Y13, Y13
	VPSUBD Y14, Y13, Y13
	VMOVDQU coarseOrder<>(SB), Y12
	VXORPS Y8, Y8, Y8
	VXORPS Y9, Y9, Y9
	VXORPS Y11, Y11, Y11

block:
	VXORPS Y10, Y10, Y10
	MOVQ $8, R12
	CMPQ CX, R12
	CMOVQLT CX, R12
	SUBQ R12, CX

pair:
	VMULPS    (SI), Y15, Y0
	VCVTPS2DQ Y0, Y1
	VPMINSD   Y14, Y1, Y1
	VPMAXSD   Y13, Y1, Y1
	VCVTDQ2PS Y1, Y2
	VSUBPS    Y2, Y0, Y0
	VFMADD231PS Y0, Y0, Y8
	VFMADD231PS Y2, Y2, Y10
	VPADDD    Y14, Y1, Y1
	VPSHUFB   Y12, Y1, Y1
	VEXTRACTI128 $1, Y1, X2
	VMOVD     X1, (DI)
	VMOVD     X2, (DI)(R8*1)
	LEAQ      (DI)(R8*2), DI
	ADDQ      $32, SI
	DECQ      R12
	JNZ       pair

	VADDPS Y10, Y9, Y9
	VEXTRACTF128 $1, Y10, X0 // columns 0 and 2 of quads, 1 and 3
	VADDPS X0, X10, X0
	VMOVHLPS X0, X0, X1
	VADDPS X0, X1, X0
	VMAXPS X0, X11, X11
	TESTQ CX, CX
	JNZ   block

	VEXTRACTF128 $1, Y8, X0
	VADDPS X0, X8, X8
	VEXTRACTF128 $1, Y9, X0
	VADDPS X0, X9, X9
	VHADDPS X9, X8, X8
	VHADDPS X8, X8, X8 // residual, integers
	VMOVSHDUP X11, X0
	VMAXSS X0, X11, X11
	VMOVSD X8, (DX)
	VMOVSS X11, 8(DX)
	VZEROUPPER
	RET

// The largest magnitude of pairs of quads of elements.
//
//	SI  elements    CX  pairs of quads    Y0,X1  the largest    Y7  sign mask

// func largestAVX2(elements unsafe.Pointer, pairs int) float32
TEXT ·largestAVX2(SB), NOSPLIT, $0-20
	MOVQ elements+0(FP), SI
	MOVQ pairs+8(FP), CX
	VBROADCASTSS coarseSign<>(SB), Y7
	VXORPS Y0, Y0, Y0

largest:
	VANDPS (SI), Y7, Y1
	VMAXPS Y1, Y0, Y0
	ADDQ   $32, SI
	DECQ   CX
	JNZ    largest
	VEXTRACTF128 $1, Y0, X1
	VMAXPS X1, X0, X0
	VMOVHLPS X0, X0, X1
	VMAXPS X1, X0, X0
	VMOVSHDUP X0, X1
	VMAXSS X1, X0, X0
	VMOVSS X0, ret+16(FP)
	VZEROUPPER
	RET

// ---- list ----
//
// The rows of a panel and the centers whose score is below a limit of the row. Two centers at
// a time make a mask of 32 bits, in which bits 0…7 and 16…23 are the first one's; those of up
// to 64 centers that are not zero are kept on the stack, without a branch, which could not be
// foretold, and then looked through.
//
//	DI  rows    R9  centers    SI  scores    CX  centers left    R10 this center
//	R12 number of the panel's first row    R11 pairs found    R8  rows of the bits
//	R13 end of the masks, eight bytes each with the center    DX  those left to make
//	AX  a mask    BX  a bit of it, or whether it is not zero    R15 a mask's place
//	Y15 limits, in the order of the scores

// A mask of Y0 and, of the second center, Y1.
#define MASK \
	VPACKSSWB Y1, Y0, Y0;     \
	VPMOVMSKB Y0, AX;         \
	MOVL AX, (R13);           \
	MOVL R10, 4(R13);         \
	XORL BX, BX;              \
	TESTL AX, AX;             \
	SETNE BX;                 \
	LEAQ (R13)(BX*8), R13

// func coarseListAVX2(rows, centers, scores, limits unsafe.Pointer, from, n, first int) (found int)
TEXT ·coarseListAVX2(SB), NOSPLIT, $264-64
	MOVQ rows+0(FP), DI
	MOVQ centers+8(FP), R9
	MOVQ scores+16(FP), SI
	MOVQ limits+24(FP), DX
	MOVQ from+32(FP), R10
	MOVQ n+40(FP), CX
	MOVQ first+48(FP), R12
	LEAQ coarseRows<>(SB), R8
	VMOVDQU (DX), Y15
	XORQ R11, R11

masks:
	LEAQ masks-264(SP), R13
	MOVQ $32, DX

two:
	SUBQ $2, CX
	JLT  last
	VPCMPGTW (SI), Y15, Y0
	VPCMPGTW 32(SI), Y15, Y1
	MASK
	ADDQ $64, SI
	ADDQ $2, R10
	DECQ DX
	JNZ  two
	JMP  look

last: // one, or none
	ADDQ $2, CX
	JZ   look
	VPCMPGTW (SI), Y15, Y0
	VPXOR Y1, Y1, Y1
	MASK
	XORQ CX, CX

look:
	LEAQ masks-264(SP), R15
	CMPQ R15, R13
	JEQ  looked

mask:
	MOVL (R15), AX

bit:
	TZCNTL  AX, BX
	MOVBLZX (R8)(BX*1), DX
	ADDL    R12, DX
	MOVL    DX, (DI)(R11*4)
	SHRL    $3, BX
	ANDL    $1, BX
	ADDL    4(R15), BX
	MOVL    BX, (R9)(R11*4)
	INCQ    R11
	BLSRL   AX, AX
	JNZ     bit
	ADDQ $8, R15
	CMPQ R15, R13
	JNE  mask

looked:
	TESTQ CX, CX
	JNZ   masks
	MOVQ R11, found+56(FP)
	VZEROUPPER
	RET

// ---- bounds ----
//
// Lower bounds of the distances of the rows of a panel to all centers, in a byte each:
//
//	byte = min(254, max(0, ⌊√(max(0, score − term))·root − base⌋))
//
//	DI  dst, 32 bytes a center    SI  scores    DX  terms, roots and bases (float32, in the
//	order of the scores)    CX  centers left
//	Y10,Y11 terms    Y12,Y13 roots    Y8,Y9 bases    Y15 zero    X14 254 in each byte

DATA coarseBound<>+0(SB)/4, $0xFEFEFEFE
GLOBL coarseBound<>(SB), RODATA|NOPTR, $4

// Half the rows: their bounds as integers.
#define BOUNDS(o, TERM, ROOT, BASE, Y) \
	VPMOVSXWD  o(SI), Y;      \
	VCVTDQ2PS  Y, Y;          \
	VSUBPS     TERM, Y, Y;    \
	VMAXPS     Y15, Y, Y;     \
	VSQRTPS    Y, Y;          \
	VMULPS     ROOT, Y, Y;    \
	VSUBPS     BASE, Y, Y;    \
	VCVTTPS2DQ Y, Y // too large: the least integer, so 0

// func coarseBoundsAVX2(dst, scores, rows unsafe.Pointer, k int)
TEXT ·coarseBoundsAVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ scores+8(FP), SI
	MOVQ rows+16(FP), DX
	MOVQ k+24(FP), CX
	VMOVUPS (DX), Y10
	VMOVUPS 32(DX), Y11
	VMOVUPS 64(DX), Y12
	VMOVUPS 96(DX), Y13
	VMOVUPS 128(DX), Y8
	VMOVUPS 160(DX), Y9
	VXORPS  Y15, Y15, Y15
	VPBROADCASTD coarseBound<>(SB), X14

center:
	BOUNDS(0, Y10, Y12, Y8, Y0)
	BOUNDS(16, Y11, Y13, Y9, Y1)
	VPACKSSDW    Y1, Y0, Y0 // in the order of the rows
	VEXTRACTI128 $1, Y0, X1
	VPACKUSWB    X1, X0, X0
	VPMINUB      X14, X0, X0
	VMOVDQU      X0, (DI)
	ADDQ         $32, SI
	ADDQ         $32, DI
	DECQ         CX
	JNZ          center
	VZEROUPPER
	RET
