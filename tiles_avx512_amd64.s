//go:build !purego

#include "textflag.h"
#include "tiles_amd64.h"

// ---- tiles and listed centers ----
//
// As in tiles_amd64.s, where a tile's rows fill one register here: so all partial sums of
// the canonical order are kept at once, sum j of columns j, j+LANES, j+2·LANES… in Zj.
//
//	DI  call (tileCall in tiles.go)    CX  pairs left
//	R9  tiles    R10 centers    R11 gaps    R12 took
//	SI  column of the tile     R8  element of the center     DX  bytes of a center
//	BX  bytes left of it
//	R13 64 · number of the tile: offset of its distances and references
//	Z0  distances in the end    Z0…Z15 partial sums    Z16…Z23 terms
//	Z30 scale
//	X0, X2…X5 terms of a bound, AX, BX, R8 its addresses and byte, at the end

// The term of column j to A.
#define TERM(j, A) \
	LOAD (64*(j))(SI), A;           \
	SUB.BCST (ES*(j))(R8), A, A;    \
	MUL  A, A, A

// Column j to partial sum A; T is lost.
#define MORE(j, A, T) TERM(j, T); ADD T, A, A

// The same, if there is such a column.
#define LAST(j, A, T, done) \
	CMPQ BX, $(ES*(j));     \
	JLE  done;              \
	MORE(j, A, T)

// Eight columns, from j on.
#define FIRST8(j, A, B, C, D, E, F, G, H) \
	TERM(j, A);    \
	TERM(j+1, B);  \
	TERM(j+2, C);  \
	TERM(j+3, D);  \
	TERM(j+4, E);  \
	TERM(j+5, F);  \
	TERM(j+6, G);  \
	TERM(j+7, H)
#define MORE8(j, A, B, C, D, E, F, G, H) \
	MORE(j, A, Z16);    \
	MORE(j+1, B, Z17);  \
	MORE(j+2, C, Z18);  \
	MORE(j+3, D, Z19);  \
	MORE(j+4, E, Z20);  \
	MORE(j+5, F, Z21);  \
	MORE(j+6, G, Z22);  \
	MORE(j+7, H, Z23)
#define LAST7(j, A, B, C, D, E, F, G, done) \
	LAST(j, A, Z16, done);    \
	LAST(j+1, B, Z17, done);  \
	LAST(j+2, C, Z18, done);  \
	LAST(j+3, D, Z19, done);  \
	LAST(j+4, E, Z20, done);  \
	LAST(j+5, F, Z21, done);  \
	LAST(j+6, G, Z22, done)

#define FIRST16 \
	FIRST8(0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7);       \
	FIRST8(8, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15)
#define MORE16 \
	MORE8(0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7);        \
	MORE8(8, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15)
#define LAST15(done) \
	LAST7(0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, done);      \
	LAST(7, Z7, Z23, done);                          \
	LAST7(8, Z8, Z9, Z10, Z11, Z12, Z13, Z14, done)

// The tree of eight sums.
#define TREE8 \
	ADD Z4, Z0, Z0;  \
	ADD Z6, Z2, Z2;  \
	ADD Z5, Z1, Z1;  \
	ADD Z7, Z3, Z3;  \
	ADD Z2, Z0, Z0;  \
	ADD Z3, Z1, Z1;  \
	ADD Z1, Z0, Z0
#define TREE16 \
	ADD Z8, Z0, Z0;  \
	ADD Z12, Z4, Z4; \
	ADD Z10, Z2, Z2; \
	ADD Z14, Z6, Z6; \
	ADD Z9, Z1, Z1;  \
	ADD Z13, Z5, Z5; \
	ADD Z11, Z3, Z3; \
	ADD Z15, Z7, Z7; \
	TREE8

// The distances of a tile to a center, in Z0; of fewer columns than lanes one after the other.
#define DISTANCES(FIRST, BLOCK, LASTS, TREE, block, rest, tree, few, column, done) \
	MOVQ DX, BX;             \
	SUBQ $64, BX;            \
	JLT  few;                \
	FIRST;                   \
	SUBQ $64, BX;            \
	JLT  rest;               \
block:                       \
	ADDQ $(64*64/ES), SI;    \
	ADDQ $64, R8;            \
	BLOCK;                   \
	SUBQ $64, BX;            \
	JGE  block;              \
rest:                        \
	ADDQ $64, BX;            \
	JZ   tree;               \
	ADDQ $(64*64/ES), SI;    \
	ADDQ $64, R8;            \
	LASTS(tree);             \
tree:                        \
	TREE;                    \
	JMP  done;               \
few:                         \
	VPXORD Z0, Z0, Z0;       \
	TESTQ DX, DX;            \
	JZ   done;               \
	MOVQ DX, BX;             \
column:                      \
	MORE(0, Z0, Z16);        \
	ADDQ $64, SI;            \
	ADDQ $ES, R8;            \
	SUBQ $ES, BX;            \
	JNZ  column;             \
done:

// Rows that are nearer, or as near and of a lower number: K1. The labels at AX are L, all of
// them in a register of LABELS.
#define NEARER(L, gap) \
	MOVQ  call_best(DI), BX;           \
	LOAD  (BX)(R13*1), Z1;             \
	VMOVDQU32 (AX), L;                 \
	CMP   $0x11, Z1, Z0, K1;           \
	CMP   $0x00, Z1, Z0, K2;           \
	VPCMPD.BCST $6, (R10), L, K2, K2;  \
	KORW  K2, K1, K1;                  \
	KMOVW K1, SI;                      \
	MOVL  SI, (R12);                   \
	TESTL SI, SI;                      \
	JZ    gap;                         \
	LOAD  Z0, K1, Z1;                  \
	VPBROADCASTD (R10), K1, L;         \
	LOAD  Z1, (BX)(R13*1);             \
	VMOVDQU32 L, (AX);                 \
gap:

// √distance·scale − ref, the lesser of each four lanes of float32, or two of float64, in X0.
#define GAP \
	MOVQ call_ref(DI), BX;     \
	SQRT Z0, Z0;               \
	MUL  Z30, Z0, Z0;          \
	SUB  (BX)(R13*1), Z0, Z0;  \
	VEXTRACTF64X4 $1, Z0, Y1;  \
	MIN  Y1, Y0, Y0;           \
	VEXTRACTF128 $1, Y0, X1;   \
	MIN  X1, X0, X0

// ---- float32 ----

#define ES 4
#define LOAD VMOVUPS
#define ADD VADDPS
#define SUB VSUBPS
#define MUL VMULPS
#define MIN VMINPS
#define CMP VCMPPS
#define SQRT VSQRTPS

// func tilesF32AVX512(call unsafe.Pointer)
TEXT ·tilesF32AVX512(SB), NOSPLIT, $0-8
	ARGUMENTS
	VBROADCASTSS call_scale(DI), Z30

pair:
	PAIR
	DISTANCES(FIRST16, MORE16, LAST15, TREE16, block, rest, tree, few, column, nearer)
	MOVQ call_labels(DI), AX
	ADDQ R13, AX
	NEARER(Z2, gap)
	GAP
	VMOVHLPS  X0, X0, X1
	VMINPS    X1, X0, X0
	VMOVSHDUP X0, X1
	VMINSS    X1, X0, X0
	VMOVSS    X0, (R11)
	BOUND(next)
	ADDQ $4, R9
	ADDQ $4, R10
	ADDQ $4, R11
	ADDQ $4, R12
	DECQ CX
	JNZ  pair
	VZEROUPPER
	RET

// ---- float64 ----

#undef ES
#undef LOAD
#undef ADD
#undef SUB
#undef MUL
#undef MIN
#undef CMP
#undef SQRT
#define ES 8
#define LOAD VMOVUPD
#define ADD VADDPD
#define SUB VSUBPD
#define MUL VMULPD
#define MIN VMINPD
#define CMP VCMPPD
#define SQRT VSQRTPD

#define FIRST8COLUMNS FIRST8(0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
#define MORE8COLUMNS MORE8(0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
#define LAST7COLUMNS(done) LAST7(0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, done)

// func tilesF64AVX512(call unsafe.Pointer)
TEXT ·tilesF64AVX512(SB), NOSPLIT, $0-8
	ARGUMENTS
	VBROADCASTSD call_scale(DI), Z30

pair:
	PAIR
	DISTANCES(FIRST8COLUMNS, MORE8COLUMNS, LAST7COLUMNS, TREE8, block, rest, tree, few, column, nearer)
	MOVQ R13, AX
	SHRQ $1, AX
	ADDQ call_labels(DI), AX
	NEARER(Y2, gap)
	GAP
	VUNPCKHPD X0, X0, X1
	VMINSD    X1, X0, X0
	VMOVSD    X0, (R11)
	VCVTSD2SS X0, X0, X0
	BOUND(next)
	ADDQ $4, R9
	ADDQ $4, R10
	ADDQ $8, R11
	ADDQ $4, R12
	DECQ CX
	JNZ  pair
	VZEROUPPER
	RET
