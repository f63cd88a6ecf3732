// Written by chainrule export: a training step in StableHLO. Results of @step begin with its state, in the same order.
// dropout, 64 samples per step, spread over 4 devices
module @chainrule attributes {mhlo.num_partitions = 4 : i32, mhlo.num_replicas = 1 : i32} {
  sdy.mesh @mesh = <["batch"=4]>

  func.func public @step(
      %w1: tensor<784x32xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>, tf.aliasing_output = 0 : i32},
      %b1: tensor<32xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>, tf.aliasing_output = 1 : i32},
      %w2: tensor<32x10xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>, tf.aliasing_output = 2 : i32},
      %b2: tensor<10xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>, tf.aliasing_output = 3 : i32},
      %x: tensor<64x784xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"batch"}, {}]>},
      %y: tensor<64xi32> {sdy.sharding = #sdy.sharding<@mesh, [{"batch"}]>},
      %t: tensor<i32> {sdy.sharding = #sdy.sharding<@mesh, []>},
      %seed: tensor<i32> {sdy.sharding = #sdy.sharding<@mesh, []>}
  ) -> (
      tensor<784x32xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>},
      tensor<32xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>},
      tensor<32x10xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>},
      tensor<10xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>},
      tensor<f32> {sdy.sharding = #sdy.sharding<@mesh, []>},
      tensor<f32> {sdy.sharding = #sdy.sharding<@mesh, []>},
      tensor<f32> {sdy.sharding = #sdy.sharding<@mesh, []>}
  ) {
    %0 = stablehlo.dot_general %x, %w1, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<64x784xf32>, tensor<784x32xf32>) -> tensor<64x32xf32>
    %1 = stablehlo.broadcast_in_dim %b1, dims = [1] : (tensor<32xf32>) -> tensor<64x32xf32>
    %z1 = stablehlo.add %0, %1 : tensor<64x32xf32>
    %2 = stablehlo.constant dense<0.0> : tensor<64x32xf32>
    %3 = stablehlo.compare LT, %2, %z1, FLOAT : (tensor<64x32xf32>, tensor<64x32xf32>) -> tensor<64x32xi1>
    %4 = stablehlo.constant dense<0.01> : tensor<64x32xf32>
    %5 = stablehlo.multiply %z1, %4 : tensor<64x32xf32>
    %beforeDropout = stablehlo.select %3, %z1, %5 : tensor<64x32xi1>, tensor<64x32xf32>
    %6 = stablehlo.constant dense<0> : tensor<i32>
    %7 = stablehlo.iota dim = 1 : tensor<64x32xi32>
    %8 = stablehlo.iota dim = 0 : tensor<64x32xi32>
    %9 = stablehlo.constant dense<32> : tensor<64x32xi32>
    %10 = stablehlo.multiply %8, %9 : tensor<64x32xi32>
    %11 = stablehlo.add %7, %10 : tensor<64x32xi32>
    %12 = stablehlo.add %t, %seed : tensor<i32>
    %13 = stablehlo.broadcast_in_dim %6, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %14 = stablehlo.add %11, %13 : tensor<64x32xi32>
    %15 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %16 = stablehlo.add %15, %14 : tensor<64x32xi32>
    %17 = stablehlo.constant dense<13> : tensor<i32>
    %18 = stablehlo.broadcast_in_dim %17, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %19 = stablehlo.shift_left %14, %18 : tensor<64x32xi32>
    %20 = stablehlo.constant dense<19> : tensor<i32>
    %21 = stablehlo.broadcast_in_dim %20, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %22 = stablehlo.shift_right_logical %14, %21 : tensor<64x32xi32>
    %23 = stablehlo.xor %19, %22 : tensor<64x32xi32>
    %24 = stablehlo.xor %23, %16 : tensor<64x32xi32>
    %25 = stablehlo.add %16, %24 : tensor<64x32xi32>
    %26 = stablehlo.constant dense<15> : tensor<i32>
    %27 = stablehlo.broadcast_in_dim %26, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %28 = stablehlo.shift_left %24, %27 : tensor<64x32xi32>
    %29 = stablehlo.constant dense<17> : tensor<i32>
    %30 = stablehlo.broadcast_in_dim %29, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %31 = stablehlo.shift_right_logical %24, %30 : tensor<64x32xi32>
    %32 = stablehlo.xor %28, %31 : tensor<64x32xi32>
    %33 = stablehlo.xor %32, %25 : tensor<64x32xi32>
    %34 = stablehlo.add %25, %33 : tensor<64x32xi32>
    %35 = stablehlo.constant dense<26> : tensor<i32>
    %36 = stablehlo.broadcast_in_dim %35, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %37 = stablehlo.shift_left %33, %36 : tensor<64x32xi32>
    %38 = stablehlo.constant dense<6> : tensor<i32>
    %39 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %40 = stablehlo.shift_right_logical %33, %39 : tensor<64x32xi32>
    %41 = stablehlo.xor %37, %40 : tensor<64x32xi32>
    %42 = stablehlo.xor %41, %34 : tensor<64x32xi32>
    %43 = stablehlo.add %34, %42 : tensor<64x32xi32>
    %44 = stablehlo.broadcast_in_dim %6, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %45 = stablehlo.add %43, %44 : tensor<64x32xi32>
    %46 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %47 = stablehlo.shift_left %42, %46 : tensor<64x32xi32>
    %48 = stablehlo.broadcast_in_dim %35, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %49 = stablehlo.shift_right_logical %42, %48 : tensor<64x32xi32>
    %50 = stablehlo.xor %47, %49 : tensor<64x32xi32>
    %51 = stablehlo.xor %50, %43 : tensor<64x32xi32>
    %52 = stablehlo.xor %seed, %6 : tensor<i32>
    %53 = stablehlo.constant dense<466688986> : tensor<i32>
    %54 = stablehlo.xor %52, %53 : tensor<i32>
    %55 = stablehlo.broadcast_in_dim %54, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %56 = stablehlo.add %51, %55 : tensor<64x32xi32>
    %57 = stablehlo.constant dense<1> : tensor<i32>
    %58 = stablehlo.broadcast_in_dim %57, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %59 = stablehlo.add %56, %58 : tensor<64x32xi32>
    %60 = stablehlo.add %45, %59 : tensor<64x32xi32>
    %61 = stablehlo.broadcast_in_dim %29, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %62 = stablehlo.shift_left %59, %61 : tensor<64x32xi32>
    %63 = stablehlo.broadcast_in_dim %26, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %64 = stablehlo.shift_right_logical %59, %63 : tensor<64x32xi32>
    %65 = stablehlo.xor %62, %64 : tensor<64x32xi32>
    %66 = stablehlo.xor %65, %60 : tensor<64x32xi32>
    %67 = stablehlo.add %60, %66 : tensor<64x32xi32>
    %68 = stablehlo.constant dense<29> : tensor<i32>
    %69 = stablehlo.broadcast_in_dim %68, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %70 = stablehlo.shift_left %66, %69 : tensor<64x32xi32>
    %71 = stablehlo.constant dense<3> : tensor<i32>
    %72 = stablehlo.broadcast_in_dim %71, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %73 = stablehlo.shift_right_logical %66, %72 : tensor<64x32xi32>
    %74 = stablehlo.xor %70, %73 : tensor<64x32xi32>
    %75 = stablehlo.xor %74, %67 : tensor<64x32xi32>
    %76 = stablehlo.add %67, %75 : tensor<64x32xi32>
    %77 = stablehlo.constant dense<16> : tensor<i32>
    %78 = stablehlo.broadcast_in_dim %77, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %79 = stablehlo.shift_left %75, %78 : tensor<64x32xi32>
    %80 = stablehlo.broadcast_in_dim %77, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %81 = stablehlo.shift_right_logical %75, %80 : tensor<64x32xi32>
    %82 = stablehlo.xor %79, %81 : tensor<64x32xi32>
    %83 = stablehlo.xor %82, %76 : tensor<64x32xi32>
    %84 = stablehlo.add %76, %83 : tensor<64x32xi32>
    %85 = stablehlo.broadcast_in_dim %54, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %86 = stablehlo.add %84, %85 : tensor<64x32xi32>
    %87 = stablehlo.constant dense<24> : tensor<i32>
    %88 = stablehlo.broadcast_in_dim %87, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %89 = stablehlo.shift_left %83, %88 : tensor<64x32xi32>
    %90 = stablehlo.constant dense<8> : tensor<i32>
    %91 = stablehlo.broadcast_in_dim %90, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %92 = stablehlo.shift_right_logical %83, %91 : tensor<64x32xi32>
    %93 = stablehlo.xor %89, %92 : tensor<64x32xi32>
    %94 = stablehlo.xor %93, %84 : tensor<64x32xi32>
    %95 = stablehlo.broadcast_in_dim %seed, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %96 = stablehlo.add %94, %95 : tensor<64x32xi32>
    %97 = stablehlo.constant dense<2> : tensor<i32>
    %98 = stablehlo.broadcast_in_dim %97, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %99 = stablehlo.add %96, %98 : tensor<64x32xi32>
    %100 = stablehlo.add %86, %99 : tensor<64x32xi32>
    %101 = stablehlo.broadcast_in_dim %17, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %102 = stablehlo.shift_left %99, %101 : tensor<64x32xi32>
    %103 = stablehlo.broadcast_in_dim %20, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %104 = stablehlo.shift_right_logical %99, %103 : tensor<64x32xi32>
    %105 = stablehlo.xor %102, %104 : tensor<64x32xi32>
    %106 = stablehlo.xor %105, %100 : tensor<64x32xi32>
    %107 = stablehlo.add %100, %106 : tensor<64x32xi32>
    %108 = stablehlo.broadcast_in_dim %26, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %109 = stablehlo.shift_left %106, %108 : tensor<64x32xi32>
    %110 = stablehlo.broadcast_in_dim %29, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %111 = stablehlo.shift_right_logical %106, %110 : tensor<64x32xi32>
    %112 = stablehlo.xor %109, %111 : tensor<64x32xi32>
    %113 = stablehlo.xor %112, %107 : tensor<64x32xi32>
    %114 = stablehlo.add %107, %113 : tensor<64x32xi32>
    %115 = stablehlo.broadcast_in_dim %35, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %116 = stablehlo.shift_left %113, %115 : tensor<64x32xi32>
    %117 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %118 = stablehlo.shift_right_logical %113, %117 : tensor<64x32xi32>
    %119 = stablehlo.xor %116, %118 : tensor<64x32xi32>
    %120 = stablehlo.xor %119, %114 : tensor<64x32xi32>
    %121 = stablehlo.add %114, %120 : tensor<64x32xi32>
    %122 = stablehlo.broadcast_in_dim %seed, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %123 = stablehlo.add %121, %122 : tensor<64x32xi32>
    %124 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %125 = stablehlo.shift_left %120, %124 : tensor<64x32xi32>
    %126 = stablehlo.broadcast_in_dim %35, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %127 = stablehlo.shift_right_logical %120, %126 : tensor<64x32xi32>
    %128 = stablehlo.xor %125, %127 : tensor<64x32xi32>
    %129 = stablehlo.xor %128, %121 : tensor<64x32xi32>
    %130 = stablehlo.broadcast_in_dim %6, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %131 = stablehlo.add %129, %130 : tensor<64x32xi32>
    %132 = stablehlo.broadcast_in_dim %71, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %133 = stablehlo.add %131, %132 : tensor<64x32xi32>
    %134 = stablehlo.add %123, %133 : tensor<64x32xi32>
    %135 = stablehlo.broadcast_in_dim %29, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %136 = stablehlo.shift_left %133, %135 : tensor<64x32xi32>
    %137 = stablehlo.broadcast_in_dim %26, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %138 = stablehlo.shift_right_logical %133, %137 : tensor<64x32xi32>
    %139 = stablehlo.xor %136, %138 : tensor<64x32xi32>
    %140 = stablehlo.xor %139, %134 : tensor<64x32xi32>
    %141 = stablehlo.add %134, %140 : tensor<64x32xi32>
    %142 = stablehlo.broadcast_in_dim %68, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %143 = stablehlo.shift_left %140, %142 : tensor<64x32xi32>
    %144 = stablehlo.broadcast_in_dim %71, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %145 = stablehlo.shift_right_logical %140, %144 : tensor<64x32xi32>
    %146 = stablehlo.xor %143, %145 : tensor<64x32xi32>
    %147 = stablehlo.xor %146, %141 : tensor<64x32xi32>
    %148 = stablehlo.add %141, %147 : tensor<64x32xi32>
    %149 = stablehlo.broadcast_in_dim %77, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %150 = stablehlo.shift_left %147, %149 : tensor<64x32xi32>
    %151 = stablehlo.broadcast_in_dim %77, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %152 = stablehlo.shift_right_logical %147, %151 : tensor<64x32xi32>
    %153 = stablehlo.xor %150, %152 : tensor<64x32xi32>
    %154 = stablehlo.xor %153, %148 : tensor<64x32xi32>
    %155 = stablehlo.add %148, %154 : tensor<64x32xi32>
    %156 = stablehlo.broadcast_in_dim %6, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %157 = stablehlo.add %155, %156 : tensor<64x32xi32>
    %158 = stablehlo.broadcast_in_dim %87, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %159 = stablehlo.shift_left %154, %158 : tensor<64x32xi32>
    %160 = stablehlo.broadcast_in_dim %90, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %161 = stablehlo.shift_right_logical %154, %160 : tensor<64x32xi32>
    %162 = stablehlo.xor %159, %161 : tensor<64x32xi32>
    %163 = stablehlo.xor %162, %155 : tensor<64x32xi32>
    %164 = stablehlo.broadcast_in_dim %54, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %165 = stablehlo.add %163, %164 : tensor<64x32xi32>
    %166 = stablehlo.constant dense<4> : tensor<i32>
    %167 = stablehlo.broadcast_in_dim %166, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %168 = stablehlo.add %165, %167 : tensor<64x32xi32>
    %169 = stablehlo.add %157, %168 : tensor<64x32xi32>
    %170 = stablehlo.broadcast_in_dim %17, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %171 = stablehlo.shift_left %168, %170 : tensor<64x32xi32>
    %172 = stablehlo.broadcast_in_dim %20, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %173 = stablehlo.shift_right_logical %168, %172 : tensor<64x32xi32>
    %174 = stablehlo.xor %171, %173 : tensor<64x32xi32>
    %175 = stablehlo.xor %174, %169 : tensor<64x32xi32>
    %176 = stablehlo.add %169, %175 : tensor<64x32xi32>
    %177 = stablehlo.broadcast_in_dim %26, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %178 = stablehlo.shift_left %175, %177 : tensor<64x32xi32>
    %179 = stablehlo.broadcast_in_dim %29, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %180 = stablehlo.shift_right_logical %175, %179 : tensor<64x32xi32>
    %181 = stablehlo.xor %178, %180 : tensor<64x32xi32>
    %182 = stablehlo.xor %181, %176 : tensor<64x32xi32>
    %183 = stablehlo.add %176, %182 : tensor<64x32xi32>
    %184 = stablehlo.broadcast_in_dim %35, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %185 = stablehlo.shift_left %182, %184 : tensor<64x32xi32>
    %186 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %187 = stablehlo.shift_right_logical %182, %186 : tensor<64x32xi32>
    %188 = stablehlo.xor %185, %187 : tensor<64x32xi32>
    %189 = stablehlo.xor %188, %183 : tensor<64x32xi32>
    %190 = stablehlo.add %183, %189 : tensor<64x32xi32>
    %191 = stablehlo.broadcast_in_dim %54, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %192 = stablehlo.add %190, %191 : tensor<64x32xi32>
    %193 = stablehlo.broadcast_in_dim %90, dims = [] : (tensor<i32>) -> tensor<64x32xi32>
    %194 = stablehlo.shift_right_logical %192, %193 : tensor<64x32xi32>
    %195 = stablehlo.convert %194 : (tensor<64x32xi32>) -> tensor<64x32xf32>
    %196 = stablehlo.constant dense<5.9604645e-8> : tensor<f32>
    %197 = stablehlo.broadcast_in_dim %196, dims = [] : (tensor<f32>) -> tensor<64x32xf32>
    %198 = stablehlo.multiply %195, %197 : tensor<64x32xf32>
    %199 = stablehlo.constant dense<0.75> : tensor<64x32xf32>
    %mask = stablehlo.compare LT, %198, %199, FLOAT : (tensor<64x32xf32>, tensor<64x32xf32>) -> tensor<64x32xi1>
    %200 = stablehlo.divide %beforeDropout, %199 : tensor<64x32xf32>
    %a1 = stablehlo.select %mask, %200, %2 : tensor<64x32xi1>, tensor<64x32xf32>
    %201 = stablehlo.broadcast_in_dim %b2, dims = [1] : (tensor<10xf32>) -> tensor<64x10xf32>
    %202 = stablehlo.broadcast_in_dim %y, dims = [0] : (tensor<64xi32>) -> tensor<64x10xi32>
    %203 = stablehlo.iota dim = 1 : tensor<64x10xi32>
    %204 = stablehlo.compare EQ, %202, %203, SIGNED : (tensor<64x10xi32>, tensor<64x10xi32>) -> tensor<64x10xi1>
    %205 = stablehlo.convert %204 : (tensor<64x10xi1>) -> tensor<64x10xf32>
    %206 = stablehlo.constant dense<64.0> : tensor<f32>
    %207 = stablehlo.dot_general %a1, %w2, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<64x32xf32>, tensor<32x10xf32>) -> tensor<64x10xf32>
    %z2 = stablehlo.add %207, %201 : tensor<64x10xf32>
    %208 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %209 = stablehlo.reduce(%z2 init: %208) applies stablehlo.maximum across dimensions = [1] : (tensor<64x10xf32>, tensor<f32>) -> tensor<64xf32>
    %210 = stablehlo.broadcast_in_dim %209, dims = [0] : (tensor<64xf32>) -> tensor<64x10xf32>
    %211 = stablehlo.subtract %z2, %210 : tensor<64x10xf32>
    %212 = stablehlo.exponential %211 : tensor<64x10xf32>
    %213 = stablehlo.constant dense<0.0> : tensor<f32>
    %214 = stablehlo.reduce(%212 init: %213) applies stablehlo.add across dimensions = [1] : (tensor<64x10xf32>, tensor<f32>) -> tensor<64xf32>
    %215 = stablehlo.log %214 : tensor<64xf32>
    %216 = stablehlo.broadcast_in_dim %215, dims = [0] : (tensor<64xf32>) -> tensor<64x10xf32>
    %217 = stablehlo.subtract %211, %216 : tensor<64x10xf32>
    %218 = stablehlo.broadcast_in_dim %y, dims = [0] : (tensor<64xi32>) -> tensor<64x10xi32>
    %219 = stablehlo.iota dim = 1 : tensor<64x10xi32>
    %220 = stablehlo.compare EQ, %218, %219, SIGNED : (tensor<64x10xi32>, tensor<64x10xi32>) -> tensor<64x10xi1>
    %221 = stablehlo.constant dense<0.0> : tensor<64x10xf32>
    %222 = stablehlo.select %220, %217, %221 : tensor<64x10xi1>, tensor<64x10xf32>
    %223 = stablehlo.reduce(%222 init: %213) applies stablehlo.add across dimensions = [1] : (tensor<64x10xf32>, tensor<f32>) -> tensor<64xf32>
    %224 = stablehlo.reduce(%223 init: %213) applies stablehlo.add across dimensions = [0] : (tensor<64xf32>, tensor<f32>) -> tensor<f32>
    %225 = stablehlo.divide %224, %206 : tensor<f32>
    %loss = stablehlo.negate %225 : tensor<f32>
    %226 = stablehlo.compare EQ, %z2, %z2, FLOAT : (tensor<64x10xf32>, tensor<64x10xf32>) -> tensor<64x10xi1>
    %227 = stablehlo.broadcast_in_dim %208, dims = [] : (tensor<f32>) -> tensor<64x10xf32>
    %228 = stablehlo.select %226, %z2, %227 : tensor<64x10xi1>, tensor<64x10xf32>
    %229 = stablehlo.reduce(%228 init: %208) applies stablehlo.maximum across dimensions = [1] : (tensor<64x10xf32>, tensor<f32>) -> tensor<64xf32>
    %230 = stablehlo.broadcast_in_dim %229, dims = [0] : (tensor<64xf32>) -> tensor<64x10xf32>
    %231 = stablehlo.compare EQ, %228, %230, FLOAT : (tensor<64x10xf32>, tensor<64x10xf32>) -> tensor<64x10xi1>
    %232 = stablehlo.constant dense<2147483647> : tensor<i32>
    %233 = stablehlo.iota dim = 1 : tensor<64x10xi32>
    %234 = stablehlo.broadcast_in_dim %232, dims = [] : (tensor<i32>) -> tensor<64x10xi32>
    %235 = stablehlo.select %231, %233, %234 : tensor<64x10xi1>, tensor<64x10xi32>
    %236 = stablehlo.reduce(%235 init: %232) applies stablehlo.minimum across dimensions = [1] : (tensor<64x10xi32>, tensor<i32>) -> tensor<64xi32>
    %237 = stablehlo.compare EQ, %236, %y, SIGNED : (tensor<64xi32>, tensor<64xi32>) -> tensor<64xi1>
    %238 = stablehlo.convert %237 : (tensor<64xi1>) -> tensor<64xf32>
    %239 = stablehlo.reduce(%238 init: %213) applies stablehlo.add across dimensions = [0] : (tensor<64xf32>, tensor<f32>) -> tensor<f32>
    %accuracy = stablehlo.divide %239, %206 : tensor<f32>
    %240 = stablehlo.constant dense<0.05> : tensor<f32>
    %241 = stablehlo.broadcast_in_dim %206, dims = [] : (tensor<f32>) -> tensor<64x10xf32>
    %242 = stablehlo.broadcast_in_dim %214, dims = [0] : (tensor<64xf32>) -> tensor<64x10xf32>
    %243 = stablehlo.divide %212, %242 : tensor<64x10xf32>
    %244 = stablehlo.subtract %243, %205 : tensor<64x10xf32>
    %dZ2 = stablehlo.divide %244, %241 : tensor<64x10xf32>
    %245 = stablehlo.transpose %w2, dims = [1, 0] : (tensor<32x10xf32>) -> tensor<10x32xf32>
    %dA1 = stablehlo.dot_general %dZ2, %245, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<64x10xf32>, tensor<10x32xf32>) -> tensor<64x32xf32>
    %246 = stablehlo.transpose %a1, dims = [1, 0] : (tensor<64x32xf32>) -> tensor<32x64xf32>
    %dW2 = stablehlo.dot_general %246, %dZ2, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<32x64xf32>, tensor<64x10xf32>) -> tensor<32x10xf32>
    %dB2 = stablehlo.reduce(%dZ2 init: %213) applies stablehlo.add across dimensions = [0] : (tensor<64x10xf32>, tensor<f32>) -> tensor<10xf32>
    %247 = stablehlo.select %mask, %dA1, %2 : tensor<64x32xi1>, tensor<64x32xf32>
    %dBeforeDropout = stablehlo.divide %247, %199 : tensor<64x32xf32>
    %248 = stablehlo.multiply %dBeforeDropout, %4 : tensor<64x32xf32>
    %dZ1 = stablehlo.select %3, %dBeforeDropout, %248 : tensor<64x32xi1>, tensor<64x32xf32>
    %dB1 = stablehlo.reduce(%dZ1 init: %213) applies stablehlo.add across dimensions = [0] : (tensor<64x32xf32>, tensor<f32>) -> tensor<32xf32>
    %249 = stablehlo.transpose %x, dims = [1, 0] : (tensor<64x784xf32>) -> tensor<784x64xf32>
    %dW1 = stablehlo.dot_general %249, %dZ1, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<784x64xf32>, tensor<64x32xf32>) -> tensor<784x32xf32>
    %250 = stablehlo.constant dense<0.05> : tensor<784x32xf32>
    %251 = stablehlo.multiply %250, %dW1 : tensor<784x32xf32>
    %w1_2 = stablehlo.subtract %w1, %251 : tensor<784x32xf32>
    %252 = stablehlo.constant dense<0.05> : tensor<32xf32>
    %253 = stablehlo.multiply %252, %dB1 : tensor<32xf32>
    %b1_2 = stablehlo.subtract %b1, %253 : tensor<32xf32>
    %254 = stablehlo.constant dense<0.05> : tensor<32x10xf32>
    %255 = stablehlo.multiply %254, %dW2 : tensor<32x10xf32>
    %w2_2 = stablehlo.subtract %w2, %255 : tensor<32x10xf32>
    %256 = stablehlo.constant dense<0.05> : tensor<10xf32>
    %257 = stablehlo.multiply %256, %dB2 : tensor<10xf32>
    %b2_2 = stablehlo.subtract %b2, %257 : tensor<10xf32>
    return %w1_2, %b1_2, %w2_2, %b2_2, %loss, %240, %accuracy : tensor<784x32xf32>, tensor<32xf32>, tensor<32x10xf32>, tensor<10xf32>, tensor<f32>, tensor<f32>, tensor<f32>
  }

  func.func public @evaluate(
      %w1: tensor<784x32xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>},
      %b1: tensor<32xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>},
      %w2: tensor<32x10xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>},
      %b2: tensor<10xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>},
      %x: tensor<64x784xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"batch"}, {}]>},
      %y: tensor<64xi32> {sdy.sharding = #sdy.sharding<@mesh, [{"batch"}]>},
      %t: tensor<i32> {sdy.sharding = #sdy.sharding<@mesh, []>},
      %seed: tensor<i32> {sdy.sharding = #sdy.sharding<@mesh, []>}
  ) -> (
      tensor<f32> {sdy.sharding = #sdy.sharding<@mesh, []>},
      tensor<f32> {sdy.sharding = #sdy.sharding<@mesh, []>}
  ) {
    %0 = stablehlo.dot_general %x, %w1, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<64x784xf32>, tensor<784x32xf32>) -> tensor<64x32xf32>
    %1 = stablehlo.broadcast_in_dim %b1, dims = [1] : (tensor<32xf32>) -> tensor<64x32xf32>
    %z1 = stablehlo.add %0, %1 : tensor<64x32xf32>
    %2 = stablehlo.constant dense<0.0> : tensor<64x32xf32>
    %3 = stablehlo.compare LT, %2, %z1, FLOAT : (tensor<64x32xf32>, tensor<64x32xf32>) -> tensor<64x32xi1>
    %4 = stablehlo.constant dense<0.01> : tensor<64x32xf32>
    %5 = stablehlo.multiply %z1, %4 : tensor<64x32xf32>
    %beforeDropout = stablehlo.select %3, %z1, %5 : tensor<64x32xi1>, tensor<64x32xf32>
    %6 = stablehlo.broadcast_in_dim %b2, dims = [1] : (tensor<10xf32>) -> tensor<64x10xf32>
    %7 = stablehlo.constant dense<64.0> : tensor<f32>
    %8 = stablehlo.broadcast_in_dim %y, dims = [0] : (tensor<64xi32>) -> tensor<64x10xi32>
    %9 = stablehlo.iota dim = 1 : tensor<64x10xi32>
    %10 = stablehlo.compare EQ, %8, %9, SIGNED : (tensor<64x10xi32>, tensor<64x10xi32>) -> tensor<64x10xi1>
    %11 = stablehlo.constant dense<0.0> : tensor<64x10xf32>
    %12 = stablehlo.dot_general %beforeDropout, %w2, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<64x32xf32>, tensor<32x10xf32>) -> tensor<64x10xf32>
    %z2Inference = stablehlo.add %12, %6 : tensor<64x10xf32>
    %13 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %14 = stablehlo.reduce(%z2Inference init: %13) applies stablehlo.maximum across dimensions = [1] : (tensor<64x10xf32>, tensor<f32>) -> tensor<64xf32>
    %15 = stablehlo.broadcast_in_dim %14, dims = [0] : (tensor<64xf32>) -> tensor<64x10xf32>
    %16 = stablehlo.subtract %z2Inference, %15 : tensor<64x10xf32>
    %17 = stablehlo.exponential %16 : tensor<64x10xf32>
    %18 = stablehlo.constant dense<0.0> : tensor<f32>
    %19 = stablehlo.reduce(%17 init: %18) applies stablehlo.add across dimensions = [1] : (tensor<64x10xf32>, tensor<f32>) -> tensor<64xf32>
    %20 = stablehlo.log %19 : tensor<64xf32>
    %21 = stablehlo.broadcast_in_dim %20, dims = [0] : (tensor<64xf32>) -> tensor<64x10xf32>
    %22 = stablehlo.subtract %16, %21 : tensor<64x10xf32>
    %23 = stablehlo.select %10, %22, %11 : tensor<64x10xi1>, tensor<64x10xf32>
    %24 = stablehlo.reduce(%23 init: %18) applies stablehlo.add across dimensions = [1] : (tensor<64x10xf32>, tensor<f32>) -> tensor<64xf32>
    %25 = stablehlo.reduce(%24 init: %18) applies stablehlo.add across dimensions = [0] : (tensor<64xf32>, tensor<f32>) -> tensor<f32>
    %26 = stablehlo.divide %25, %7 : tensor<f32>
    %lossInference = stablehlo.negate %26 : tensor<f32>
    %27 = stablehlo.compare EQ, %z2Inference, %z2Inference, FLOAT : (tensor<64x10xf32>, tensor<64x10xf32>) -> tensor<64x10xi1>
    %28 = stablehlo.broadcast_in_dim %13, dims = [] : (tensor<f32>) -> tensor<64x10xf32>
    %29 = stablehlo.select %27, %z2Inference, %28 : tensor<64x10xi1>, tensor<64x10xf32>
    %30 = stablehlo.reduce(%29 init: %13) applies stablehlo.maximum across dimensions = [1] : (tensor<64x10xf32>, tensor<f32>) -> tensor<64xf32>
    %31 = stablehlo.broadcast_in_dim %30, dims = [0] : (tensor<64xf32>) -> tensor<64x10xf32>
    %32 = stablehlo.compare EQ, %29, %31, FLOAT : (tensor<64x10xf32>, tensor<64x10xf32>) -> tensor<64x10xi1>
    %33 = stablehlo.constant dense<2147483647> : tensor<i32>
    %34 = stablehlo.iota dim = 1 : tensor<64x10xi32>
    %35 = stablehlo.broadcast_in_dim %33, dims = [] : (tensor<i32>) -> tensor<64x10xi32>
    %36 = stablehlo.select %32, %34, %35 : tensor<64x10xi1>, tensor<64x10xi32>
    %37 = stablehlo.reduce(%36 init: %33) applies stablehlo.minimum across dimensions = [1] : (tensor<64x10xi32>, tensor<i32>) -> tensor<64xi32>
    %38 = stablehlo.compare EQ, %37, %y, SIGNED : (tensor<64xi32>, tensor<64xi32>) -> tensor<64xi1>
    %39 = stablehlo.convert %38 : (tensor<64xi1>) -> tensor<64xf32>
    %40 = stablehlo.reduce(%39 init: %18) applies stablehlo.add across dimensions = [0] : (tensor<64xf32>, tensor<f32>) -> tensor<f32>
    %accuracyInference = stablehlo.divide %40, %7 : tensor<f32>
    return %lossInference, %accuracyInference : tensor<f32>, tensor<f32>
  }

  func.func public @predict(
      %w1: tensor<784x32xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>},
      %b1: tensor<32xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>},
      %w2: tensor<32x10xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>},
      %b2: tensor<10xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>},
      %x: tensor<64x784xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"batch"}, {}]>},
      %t: tensor<i32> {sdy.sharding = #sdy.sharding<@mesh, []>},
      %seed: tensor<i32> {sdy.sharding = #sdy.sharding<@mesh, []>}
  ) -> (
      tensor<64x10xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"batch"}, {}]>}
  ) {
    %0 = stablehlo.dot_general %x, %w1, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<64x784xf32>, tensor<784x32xf32>) -> tensor<64x32xf32>
    %1 = stablehlo.broadcast_in_dim %b1, dims = [1] : (tensor<32xf32>) -> tensor<64x32xf32>
    %z1 = stablehlo.add %0, %1 : tensor<64x32xf32>
    %2 = stablehlo.constant dense<0.0> : tensor<64x32xf32>
    %3 = stablehlo.compare LT, %2, %z1, FLOAT : (tensor<64x32xf32>, tensor<64x32xf32>) -> tensor<64x32xi1>
    %4 = stablehlo.constant dense<0.01> : tensor<64x32xf32>
    %5 = stablehlo.multiply %z1, %4 : tensor<64x32xf32>
    %beforeDropout = stablehlo.select %3, %z1, %5 : tensor<64x32xi1>, tensor<64x32xf32>
    %6 = stablehlo.broadcast_in_dim %b2, dims = [1] : (tensor<10xf32>) -> tensor<64x10xf32>
    %7 = stablehlo.dot_general %beforeDropout, %w2, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<64x32xf32>, tensor<32x10xf32>) -> tensor<64x10xf32>
    %z2Inference = stablehlo.add %7, %6 : tensor<64x10xf32>
    %8 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %9 = stablehlo.reduce(%z2Inference init: %8) applies stablehlo.maximum across dimensions = [1] : (tensor<64x10xf32>, tensor<f32>) -> tensor<64xf32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0] : (tensor<64xf32>) -> tensor<64x10xf32>
    %11 = stablehlo.subtract %z2Inference, %10 : tensor<64x10xf32>
    %12 = stablehlo.exponential %11 : tensor<64x10xf32>
    %13 = stablehlo.constant dense<0.0> : tensor<f32>
    %14 = stablehlo.reduce(%12 init: %13) applies stablehlo.add across dimensions = [1] : (tensor<64x10xf32>, tensor<f32>) -> tensor<64xf32>
    %15 = stablehlo.broadcast_in_dim %14, dims = [0] : (tensor<64xf32>) -> tensor<64x10xf32>
    %probabilities = stablehlo.divide %12, %15 : tensor<64x10xf32>
    return %probabilities : tensor<64x10xf32>
  }
}
