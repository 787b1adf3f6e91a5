package cluster
import ("testing";"gorgonia.org/tensor";"fmt")
func show(name string, x tensor.Tensor) { d:=x.(*tensor.Dense); fmt.Println(name, d.Shape(), d.Strides(), d.Data(), d.Dims(), d.Dtype()) }
func TestX(t *testing.T){
 b:=make([]float64,12); for i:=range b {b[i]=float64(i)}
 x:=tensor.New(tensor.WithShape(4,3),tensor.WithBacking(b))
 s:=func(name string, x *tensor.Dense, sl ...tensor.Slice){ defer func(){ if e:=recover(); e!=nil {fmt.Println(name,"panic",e)}}(); v,err:=x.Slice(sl...); if err!=nil{fmt.Println(name,err);return}; show(name,v)}
 s("rows1:3",x,tensor.S(1,3))
 s("rows1:2",x,tensor.S(1,2))
 s("cols1:3",x,nil,tensor.S(1,3))
 s("cols1:2",x,nil,tensor.S(1,2))
 s("rows0:4:2",x,tensor.S(0,4,2))
 s("rows0:4:2 all cols",x,tensor.S(0,4,2),nil)
 s("rows0:4:2 1:3",x,tensor.S(0,4,2),tensor.S(1,3))
 s("cols0:3:2",x,nil,tensor.S(0,3,2))
 s("both",x,tensor.S(0,4,2),tensor.S(0,3,2))
 s("sub",x,tensor.S(1,4),tensor.S(0,2))
 y:=tensor.New(tensor.WithShape(3,4),tensor.WithBacking(append([]float64{},b...)))
 y.T(); show("T",y)
 y.Transpose(); show("Transpose",y)
 f:=tensor.New(tensor.WithShape(4,3),tensor.AsFortran(append([]float64{},b...))); show("fortran",f)
 s("fortran rows1:3",f,tensor.S(1,3))
 s("fortran cols1:3",f,nil,tensor.S(1,3))
 s("fortran cols1:2",f,nil,tensor.S(1,2))
 o:=tensor.New(tensor.WithShape(1,3),tensor.WithBacking([]float64{1,2,3})); show("1x3",o)
 o=tensor.New(tensor.WithShape(3,1),tensor.WithBacking([]float64{1,2,3})); show("3x1",o)
 o.T(); show("3x1T",o)
 o=tensor.New(tensor.WithShape(1,3),tensor.AsFortran([]float64{1,2,3})); show("1x3F",o)
 o=tensor.New(tensor.WithShape(1,1),tensor.WithBacking([]float64{1})); show("1x1",o)
 e:=func(name string, f func() *tensor.Dense){ defer func(){ if e:=recover(); e!=nil {fmt.Println(name,"panic",e)}}(); show(name,f())}
 e("empty03",func()*tensor.Dense{return tensor.New(tensor.WithShape(0,3),tensor.WithBacking([]float64{}))})
 e("empty30",func()*tensor.Dense{return tensor.New(tensor.WithShape(3,0),tensor.WithBacking([]float64{}))})
 e("empty03 of",func()*tensor.Dense{return tensor.New(tensor.WithShape(0,3),tensor.Of(tensor.Float64))})
 e("zero",func()*tensor.Dense{return new(tensor.Dense)})
 e("scalar",func()*tensor.Dense{return tensor.New(tensor.FromScalar(3.0))})
 e("c128",func()*tensor.Dense{return tensor.New(tensor.WithShape(1,2),tensor.WithBacking([]complex128{1,2}))})
 e("masked",func()*tensor.Dense{return tensor.New(tensor.WithShape(1,2),tensor.WithBacking([]float64{1,2}, []bool{true,false}))})
 z:=tensor.New(tensor.WithShape(2,2),tensor.WithBacking([]float64{1,2,3,4}))
 zs,_:=z.Slice(tensor.S(0,0)); if zs!=nil { show("0:0",zs) }
 func(){ defer func(){ fmt.Println("zero dense fit:", recover())}(); _,err:=KMeans{K:1}.Fit(t.Context(), new(tensor.Dense)); fmt.Println(err)}()
}
