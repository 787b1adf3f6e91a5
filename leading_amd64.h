// What the list routines of leading.go share: of listed pairs those that stay below the limit
// of their row when what their rest adds to the score is known; and those whose score is the
// least there is, of which nothing is known. restOf is 32 bytes: four factors, bias (16),
// place (20), limit (24).
//
//	R8  rows, R9  centers listed    DI, SI  the same of those that stay    CX  pairs left
//	DX  width    R10 row, then what is known of it    R11 center, then its scores
//	R12 what is known of the center    R13 end of the row's integers    R15 of the center's
//	AX  offset from there, later how far the score is from the limit    BX  end of the
//	integers of a center further on, score, later whether the pair stays
//	X0  sum of the products    X1…X3 temporaries, what is added, the limit

// How many pairs ahead centers are fetched into the cache.
#define AHEAD 4

#define BEGINLIST(done) \
	MOVQ outRows+0(FP), DI;    \
	MOVQ outCenters+8(FP), SI; \
	MOVQ rows+16(FP), R8;      \
	MOVQ centers+24(FP), R9;   \
	MOVQ n+72(FP), CX;         \
	MOVQ width+88(FP), DX;     \
	TESTQ CX, CX;              \
	JZ    done

// Row and center of a pair.
#define PAIR(near) \
	MOVLQSX (R8), R10;         \
	MOVLQSX (R9), R11;         \
	SUBQ first+80(FP), R10;    \
	LEAQ 1(R10), R13;          \
	LEAQ 1(R11), R15;          \
	IMULQ DX, R13;             \
	IMULQ DX, R15;             \
	ADDQ integers+48(FP), R13; \
	ADDQ centerIntegers+64(FP), R15; \
	SHLQ $5, R10;              \
	ADDQ known+40(FP), R10;    \
	MOVQ R11, R12;             \
	SHLQ $5, R12;              \
	ADDQ knownCenters+56(FP), R12; \
	IMULQ stride+96(FP), R11;  \
	ADDQ scores+32(FP), R11;   \
	MOVQ R15, BX;              \
	CMPQ CX, $AHEAD;           \
	JLE  near;                 \
	MOVLQSX (4*AHEAD)(R9), BX; \
	INCQ  BX;                  \
	IMULQ DX, BX;              \
	ADDQ  centerIntegers+64(FP), BX; \
near: \
	MOVQ DX, AX;               \
	NEGQ AX

// What the rest adds, from the sum of the products; the number of a row that does not stay
// becomes negative.
#define ENDPAIR(pair) \
	VMOVD  16(R12), X1;        \
	VPSUBD X1, X0, X0;         \
	VCVTDQ2PS X0, X0;          \
	VMOVUPS (R10), X2;         \
	VMULPS  (R12), X2, X2;     \
	VMULSS  X0, X2, X2;        \
	VPERMILPS $0x4E, X2, X3;   \
	VADDPS  X3, X2, X2;        \
	VPERMILPS $0xB1, X2, X3;   \
	VADDPS  X3, X2, X2;        \
	MOVLQSX 20(R10), AX;       \
	MOVWQSX (R11)(AX*2), BX;   \
	MOVLQSX 24(R10), AX;       \
	SUBQ BX, AX;               \
	VCVTSI2SSQ AX, X3, X3;     \
	CMPQ BX, $-32768;          \
	SETNE AL;                  \
	VUCOMISS X3, X2;           \ // not less than that, and a number: no carry
	SETCC BL;                  \
	ANDL  AX, BX;              \
	ANDL  $1, BX;              \
	NEGL  BX;                  \
	ORL   BX, (R8);            \
	ADDQ $4, R8;               \
	ADDQ $4, R9;               \
	DECQ CX;                   \
	JNZ  pair

// Those that stay, side by side. Not in the loop above: where they go would depend on all
// that is computed before, and loads wait for stores whose place is not known.
#define ENDLIST(stay, done) \
	MOVQ rows+16(FP), R8;      \
	MOVQ centers+24(FP), R9;   \
	MOVQ n+72(FP), CX;         \
stay: \
	MOVL (R8), R10;            \
	MOVL (R9), R11;            \
	MOVL R10, (DI);            \
	MOVL R11, (SI);            \
	XORL BX, BX;               \
	TESTL R10, R10;            \
	SETPL BL;                  \
	LEAQ (DI)(BX*4), DI;       \
	LEAQ (SI)(BX*4), SI;       \
	ADDQ $4, R8;               \
	ADDQ $4, R9;               \
	DECQ CX;                   \
	JNZ  stay;                 \
done: \
	SUBQ outRows+0(FP), DI;    \
	SHRQ $2, DI;               \
	MOVQ DI, found+104(FP);    \
	VZEROUPPER;                \
	RET
