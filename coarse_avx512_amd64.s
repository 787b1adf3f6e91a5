//go:build !purego

#include "textflag.h"
#include "nearest_avx512_amd64.h"

// The kernels on rows and centers of 8-bit integers for AVX-512 (what makes them of rows is
// in coarsen_avx512_amd64.s). They do what those of coarse_amd64.s do, with panels of 32 rows,
// for the levels avx512 and avx512vnni:
//
//	panel   as there, with 128 bytes for what sums begin with and for a column; at
//	        avx512vnni one block of all columns, whose sums are of 32 bits
//	state   the same numbers of each row, 128 bytes each, and the least scores, 64
//	scores  64 bytes a center: those of rows 0…3, 16…19, 4…7, 20…23, 8…11, 24…27, 12…15,
//	        28…31 (int16)
//
// Group and format are the same, and so are the routines that make integers of a center.

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
// The scores of n groups of 1 to 12 centers for the rows of a panel. At avx512, the sums of
// a block of columns are of 16 bits, those of a quad's columns 0 and 2 beside those of 1 and
// 3; the sums of the blocks are of 32. At avx512vnni, one instruction adds four products to a
// sum of 32 bits.
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
	VPBROADCASTD (4*(2*n+1+c))(R10), Z24; \
	VPSRAVD Z24, A, A;                 \
	VPSRAVD Z24, B, B;                 \
	VPADDD (128*c)(R13), A, A;         \
	VPADDD (128*c+64)(R13), B, B;      \
	VPSRAVD Z25, A, A;                 \
	VPSRAVD Z25, B, B;                 \
	VPACKSSDW B, A, A;                 \
	VMOVDQU32 A, (64*c)(R12);          \
	VPMINSW A, Z28, Z28

// A group up to its products, and from its sums on. The names of the labels come as
// arguments.
#define BEGINGROUP(n, EACH, heavy, light) \
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
	MOVQ DI, R9
#define ENDGROUP(n, EACH, group) \
	VMOVDQU32 512(BX), Z28;   \
	VPBROADCASTD shift+80(FP), Z25; \
	EACH(FINISH, n);          \
	VMOVDQU32 Z28, 512(BX);   \
	ADDQ $(64*n), R12;        \
	MOVQ R8, SI;              \
	DECQ AX;                  \
	JNZ  group;               \
	VZEROUPPER;               \
	RET

// What the sums of a block begin with.
#define BEGINBLOCK(n, EACH) \
	VMOVDQU32 (R9), Z24;      \
	VMOVDQU32 64(R9), Z25;    \
	ADDQ $128, R9;            \
	EACH(BLOCK, n)
// Eight columns, as long as there are some.
#define QUADS(n, EACH, pair) \
	PCALIGN $32;              \
pair: \
	VMOVDQU32 (R9), Z24;      \
	VMOVDQU32 64(R9), Z25;    \
	VMOVDQU32 128(R9), Z26;   \
	VMOVDQU32 192(R9), Z27;   \
	EACH(FIRST, n);           \
	EACH(SECOND, n);          \
	ADDQ $256, R9;            \
	ADDQ $(2*n*ES), R8;       \
	DECQ DX;                  \
	JNZ  pair

#define SCORES(n, EACH, group, heavy, light, block, pair, first, finish) \
group: \
	BEGINGROUP(n, EACH, heavy, light); \
	MOVQ R11, CX;             \
block: \
	MOVQ $8, DX;              \
	CMPQ CX, DX;              \
	CMOVQLT CX, DX;           \
	SUBQ DX, CX;              \
	BEGINBLOCK(n, EACH);      \
	QUADS(n, EACH, pair);     \
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
	ENDGROUP(n, EACH, group)
#define SCORESVNNI(n, EACH, group, heavy, light, pair) \
group: \
	BEGINGROUP(n, EACH, heavy, light); \
	MOVQ R11, DX;             \
	BEGINBLOCK(n, EACH);      \
	QUADS(n, EACH, pair);     \
	ENDGROUP(n, EACH, group)

#define ARGUMENTS \
	MOVQ scores+0(FP), R12;  \
	MOVQ state+8(FP), BX;    \
	MOVQ panel+16(FP), DI;   \
	MOVQ groups+32(FP), SI;  \
	MOVQ sums+40(FP), R13;   \
	MOVQ n+48(FP), AX;       \
	MOVQ size+56(FP), DX;    \
	MOVQ depth+72(FP), R11;  \
	SHRQ $1, R11;            \
	BYSIZE

// func coarseScoresAVX512(scores, state, panel, columns, groups, sums unsafe.Pointer, n, size, heavy, depth, shift int)
TEXT ·coarseScoresAVX512(SB), NOSPLIT, $0-88
	ARGUMENTS
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

#undef MADD
#define MADD(E, P, A) VPDPBUSD P, E, A

// func coarseScoresAVX512VNNI(scores, state, panel, columns, groups, sums unsafe.Pointer, n, size, heavy, depth, shift int)
TEXT ·coarseScoresAVX512VNNI(SB), NOSPLIT, $0-88
	ARGUMENTS
	SCORESVNNI(1, EACH1, group1, heavy1, light1, pair1)
	SCORESVNNI(2, EACH2, group2, heavy2, light2, pair2)
	SCORESVNNI(3, EACH3, group3, heavy3, light3, pair3)
	SCORESVNNI(4, EACH4, group4, heavy4, light4, pair4)
	SCORESVNNI(5, EACH5, group5, heavy5, light5, pair5)
	SCORESVNNI(6, EACH6, group6, heavy6, light6, pair6)
	SCORESVNNI(7, EACH7, group7, heavy7, light7, pair7)
	SCORESVNNI(8, EACH8, group8, heavy8, light8, pair8)
	SCORESVNNI(9, EACH9, group9, heavy9, light9, pair9)
	SCORESVNNI(10, EACH10, group10, heavy10, light10, pair10)
	SCORESVNNI(11, EACH11, group11, heavy11, light11, pair11)
	SCORESVNNI(12, EACH12, group12, heavy12, light12, pair12)

// ---- list ----
//
// The rows of a panel and the centers whose score is below a limit of the row. The masks of
// up to 64 centers that are not zero are kept on the stack, without a branch, which could not
// be foretold, and then looked through.
//
//	DI  rows    R9  centers    SI  scores    CX  centers left    R10 this center
//	R12 number of the panel's first row    R11 pairs found    R8  rows of the scores
//	R13 end of the masks, eight bytes each with the center    DX  those left to make, later
//	the center    AX  a mask    BX  whether it is not zero, or a bit of it    R15 its place
//	Z15 limits, in the order of the scores

// func coarseListAVX512(rows, centers, scores, limits unsafe.Pointer, from, n, first int) (found int)
TEXT ·coarseListAVX512(SB), NOSPLIT, $520-64
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
	TESTQ CX, CX
	JZ   done

masks:
	LEAQ masks-520(SP), R13
	MOVQ $64, DX
	CMPQ CX, DX
	CMOVQLT CX, DX
	SUBQ DX, CX

center:
	VPCMPW $6, (SI), Z15, K1 // the limit is greater
	KMOVD  K1, AX
	MOVL   AX, (R13)
	MOVL   R10, 4(R13)
	XORL   BX, BX
	TESTL  AX, AX
	SETNE  BX
	LEAQ   (R13)(BX*8), R13
	ADDQ   $64, SI
	INCQ   R10
	DECQ   DX
	JNZ    center

	LEAQ masks-520(SP), R15
	CMPQ R15, R13
	JEQ  looked

mask:
	MOVL (R15), AX
	MOVL 4(R15), DX

bit:
	TZCNTL  AX, BX
	MOVBLZX (R8)(BX*1), BX
	ADDL    R12, BX
	MOVL    BX, (DI)(R11*4)
	MOVL    DX, (R9)(R11*4)
	INCQ    R11
	BLSRL   AX, AX
	JNZ     bit
	ADDQ $8, R15
	CMPQ R15, R13
	JNE  mask

looked:
	TESTQ CX, CX
	JNZ   masks

done:
	MOVQ R11, found+56(FP)
	VZEROUPPER
	RET

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
