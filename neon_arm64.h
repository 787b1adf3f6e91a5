// Instructions that Go's assembler does not know, for the kernels in the .s files.
//
// Arguments are register numbers in Go's order, i is a lane. The comment is what
// the word decodes to: neon_encoding_test.go takes each line apart and decodes it.

#define FADD4S(m, n, d) WORD $(0x4E20D400 | (m)<<16 | (n)<<5 | (d)) // FADD Vd.4S, Vn.4S, Vm.4S
#define FADD2D(m, n, d) WORD $(0x4E60D400 | (m)<<16 | (n)<<5 | (d)) // FADD Vd.2D, Vn.2D, Vm.2D
#define FSUB4S(m, n, d) WORD $(0x4EA0D400 | (m)<<16 | (n)<<5 | (d)) // FSUB Vd.4S, Vn.4S, Vm.4S
#define FSUB2D(m, n, d) WORD $(0x4EE0D400 | (m)<<16 | (n)<<5 | (d)) // FSUB Vd.2D, Vn.2D, Vm.2D
#define FMUL4S(m, n, d) WORD $(0x6E20DC00 | (m)<<16 | (n)<<5 | (d)) // FMUL Vd.4S, Vn.4S, Vm.4S
#define FMUL2D(m, n, d) WORD $(0x6E60DC00 | (m)<<16 | (n)<<5 | (d)) // FMUL Vd.2D, Vn.2D, Vm.2D
#define FMAX4S(m, n, d) WORD $(0x4E20F400 | (m)<<16 | (n)<<5 | (d)) // FMAX Vd.4S, Vn.4S, Vm.4S
#define FMAX2D(m, n, d) WORD $(0x4E60F400 | (m)<<16 | (n)<<5 | (d)) // FMAX Vd.2D, Vn.2D, Vm.2D
#define FMIN4S(m, n, d) WORD $(0x4EA0F400 | (m)<<16 | (n)<<5 | (d)) // FMIN Vd.4S, Vn.4S, Vm.4S
#define FMIN2D(m, n, d) WORD $(0x4EE0F400 | (m)<<16 | (n)<<5 | (d)) // FMIN Vd.2D, Vn.2D, Vm.2D
#define FMINNM4S(m, n, d) WORD $(0x4EA0C400 | (m)<<16 | (n)<<5 | (d)) // FMINNM Vd.4S, Vn.4S, Vm.4S
#define FMINNM2D(m, n, d) WORD $(0x4EE0C400 | (m)<<16 | (n)<<5 | (d)) // FMINNM Vd.2D, Vn.2D, Vm.2D
#define FCMGT4S(m, n, d) WORD $(0x6EA0E400 | (m)<<16 | (n)<<5 | (d)) // FCMGT Vd.4S, Vn.4S, Vm.4S
#define FCMGT2D(m, n, d) WORD $(0x6EE0E400 | (m)<<16 | (n)<<5 | (d)) // FCMGT Vd.2D, Vn.2D, Vm.2D
#define FCMGE4S(m, n, d) WORD $(0x6E20E400 | (m)<<16 | (n)<<5 | (d)) // FCMGE Vd.4S, Vn.4S, Vm.4S
#define FCMGE2D(m, n, d) WORD $(0x6E60E400 | (m)<<16 | (n)<<5 | (d)) // FCMGE Vd.2D, Vn.2D, Vm.2D
#define FCMEQ4S(m, n, d) WORD $(0x4E20E400 | (m)<<16 | (n)<<5 | (d)) // FCMEQ Vd.4S, Vn.4S, Vm.4S
#define FCMEQ2D(m, n, d) WORD $(0x4E60E400 | (m)<<16 | (n)<<5 | (d)) // FCMEQ Vd.2D, Vn.2D, Vm.2D
#define FSQRT4S(n, d) WORD $(0x6EA1F800 | (n)<<5 | (d)) // FSQRT Vd.4S, Vn.4S
#define FSQRT2D(n, d) WORD $(0x6EE1F800 | (n)<<5 | (d)) // FSQRT Vd.2D, Vn.2D
#define FCVTL2S(n, d) WORD $(0x0E617800 | (n)<<5 | (d)) // FCVTL Vd.2D, Vn.2S
#define FCVTL4S(n, d) WORD $(0x4E617800 | (n)<<5 | (d)) // FCVTL2 Vd.2D, Vn.4S
#define FMLALANE4S(m, i, n, d) WORD $(0x4F801000 | ((i)&1)<<21 | ((i)>>1)<<11 | (m)<<16 | (n)<<5 | (d)) // FMLA Vd.4S, Vn.4S, Vm.S[i]
#define FMLALANE2D(m, i, n, d) WORD $(0x4FC01000 | (i)<<11 | (m)<<16 | (n)<<5 | (d)) // FMLA Vd.2D, Vn.2D, Vm.D[i]
#define FMAXNM4S(m, n, d) WORD $(0x4E20C400 | (m)<<16 | (n)<<5 | (d)) // FMAXNM Vd.4S, Vn.4S, Vm.4S
#define FMAXNM2D(m, n, d) WORD $(0x4E60C400 | (m)<<16 | (n)<<5 | (d)) // FMAXNM Vd.2D, Vn.2D, Vm.2D
#define FCVTN2S(n, d) WORD $(0x0E616800 | (n)<<5 | (d)) // FCVTN Vd.2S, Vn.2D
#define FCVTN4S(n, d) WORD $(0x4E616800 | (n)<<5 | (d)) // FCVTN2 Vd.4S, Vn.2D
#define FCVTZU4S(n, d) WORD $(0x6EA1B800 | (n)<<5 | (d)) // FCVTZU Vd.4S, Vn.4S
#define FCVTZU2D(n, d) WORD $(0x6EE1B800 | (n)<<5 | (d)) // FCVTZU Vd.2D, Vn.2D
#define UQXTN2S(n, d) WORD $(0x2EA14800 | (n)<<5 | (d)) // UQXTN Vd.2S, Vn.2D
#define UQXTN4S(n, d) WORD $(0x6EA14800 | (n)<<5 | (d)) // UQXTN2 Vd.4S, Vn.2D
#define UQXTN4H(n, d) WORD $(0x2E614800 | (n)<<5 | (d)) // UQXTN Vd.4H, Vn.4S
#define UQXTN8H(n, d) WORD $(0x6E614800 | (n)<<5 | (d)) // UQXTN2 Vd.8H, Vn.4S
#define UQXTN8B(n, d) WORD $(0x2E214800 | (n)<<5 | (d)) // UQXTN Vd.8B, Vn.8H
#define UQXTN16B(n, d) WORD $(0x6E214800 | (n)<<5 | (d)) // UQXTN2 Vd.16B, Vn.8H
#define SQXTN4H(n, d) WORD $(0x0E614800 | (n)<<5 | (d)) // SQXTN Vd.4H, Vn.4S
#define SQXTN8H(n, d) WORD $(0x4E614800 | (n)<<5 | (d)) // SQXTN2 Vd.8H, Vn.4S
#define SXTL4H(n, d) WORD $(0x0F10A400 | (n)<<5 | (d)) // SXTL Vd.4S, Vn.4H
#define SXTL8H(n, d) WORD $(0x4F10A400 | (n)<<5 | (d)) // SXTL2 Vd.4S, Vn.8H
#define SHRN8B(n, d) WORD $(0x0F0C8400 | (n)<<5 | (d)) // SHRN Vd.8B, Vn.8H, #4
#define SSHL4S(m, n, d) WORD $(0x4EA04400 | (m)<<16 | (n)<<5 | (d)) // SSHL Vd.4S, Vn.4S, Vm.4S
#define SMIN4S(m, n, d) WORD $(0x4EA06C00 | (m)<<16 | (n)<<5 | (d)) // SMIN Vd.4S, Vn.4S, Vm.4S
#define SMAX4S(m, n, d) WORD $(0x4EA06400 | (m)<<16 | (n)<<5 | (d)) // SMAX Vd.4S, Vn.4S, Vm.4S
#define UMINP16B(m, n, d) WORD $(0x6E20AC00 | (m)<<16 | (n)<<5 | (d)) // UMINP Vd.16B, Vn.16B, Vm.16B
#define SMIN8H(m, n, d) WORD $(0x4E606C00 | (m)<<16 | (n)<<5 | (d)) // SMIN Vd.8H, Vn.8H, Vm.8H
#define CMGT4S(m, n, d) WORD $(0x4EA03400 | (m)<<16 | (n)<<5 | (d)) // CMGT Vd.4S, Vn.4S, Vm.4S
#define CMGT8H(m, n, d) WORD $(0x4E603400 | (m)<<16 | (n)<<5 | (d)) // CMGT Vd.8H, Vn.8H, Vm.8H
#define FCVTNS4S(n, d) WORD $(0x4E21A800 | (n)<<5 | (d)) // FCVTNS Vd.4S, Vn.4S
#define SCVTF4S(n, d) WORD $(0x4E21D800 | (n)<<5 | (d)) // SCVTF Vd.4S, Vn.4S
#define FDIV4S(m, n, d) WORD $(0x6E20FC00 | (m)<<16 | (n)<<5 | (d)) // FDIV Vd.4S, Vn.4S, Vm.4S
#define FADDP4S(m, n, d) WORD $(0x6E20D400 | (m)<<16 | (n)<<5 | (d)) // FADDP Vd.4S, Vn.4S, Vm.4S
#define SDOTLANE(m, i, n, d) WORD $(0x4F80E000 | ((i)&1)<<21 | ((i)>>1)<<11 | (m)<<16 | (n)<<5 | (d)) // SDOT Vd.4S, Vn.16B, Vm.4B[i]
