// The end of a pair's estimate: dst[i] from the sum of the products in the first lane of X0
// (int32), of row SI and center BX.
//
//	rest − (of₀·of₀·p·q + of₁·of₁ + of₂·of₂ + of₃·of₃)
//
//	DI  dst    R12 rows, R13 parts of centers, 40 bytes each    X0, Y4, X5 temporaries
#define ESTIMATE \
	VCVTDQ2PD X0, X0;            \
	LEAQ (SI)(SI*4), SI;         \
	LEAQ (BX)(BX*4), BX;         \
	VMOVUPD (R12)(SI*8), Y4;     \
	VMULPD  (R13)(BX*8), Y4, Y4; \
	VEXTRACTF128 $1, Y4, X5;     \
	VMULSD  X0, X4, X4;          \
	VADDPD  X5, X4, X4;          \
	VUNPCKHPD X4, X4, X5;        \
	VADDSD  X5, X4, X4;          \
	VMOVSD  32(R12)(SI*8), X5;   \
	VSUBSD  X4, X5, X5;          \
	VMOVSD  X5, (DI)

// The lanes of Y0 to the first one of X0.
#define SUMLANES \
	VEXTRACTI128 $1, Y0, X1; \
	VPADDD X1, X0, X0;       \
	VPSHUFD $0x4E, X0, X1;   \
	VPADDD X1, X0, X0;       \
	VPSHUFD $0xB1, X0, X1;   \
	VPADDD X1, X0, X0
