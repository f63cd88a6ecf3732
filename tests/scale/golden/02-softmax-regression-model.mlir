// Written by chainrule export: a training step in StableHLO. Results of @step begin with its state, in the same order.
// softmax-regression, 50 samples per step
module @chainrule attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @step(
      %w: tensor<4x3xf32> {tf.aliasing_output = 0 : i32},
      %b: tensor<3xf32> {tf.aliasing_output = 1 : i32},
      %x: tensor<50x4xf32>,
      %y: tensor<50xi32>,
      %t: tensor<i32>,
      %seed: tensor<i32>
  ) -> (
      tensor<4x3xf32>,
      tensor<3xf32>,
      tensor<f32>,
      tensor<f32>,
      tensor<f32>
  ) {
    %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<50x4xf32>, tensor<4x3xf32>) -> tensor<50x3xf32>
    %1 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<3xf32>) -> tensor<50x3xf32>
    %z = stablehlo.add %0, %1 : tensor<50x3xf32>
    %2 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %3 = stablehlo.reduce(%z init: %2) applies stablehlo.maximum across dimensions = [1] : (tensor<50x3xf32>, tensor<f32>) -> tensor<50xf32>
    %4 = stablehlo.broadcast_in_dim %3, dims = [0] : (tensor<50xf32>) -> tensor<50x3xf32>
    %5 = stablehlo.subtract %z, %4 : tensor<50x3xf32>
    %6 = stablehlo.exponential %5 : tensor<50x3xf32>
    %7 = stablehlo.constant dense<0.0> : tensor<f32>
    %8 = stablehlo.reduce(%6 init: %7) applies stablehlo.add across dimensions = [1] : (tensor<50x3xf32>, tensor<f32>) -> tensor<50xf32>
    %9 = stablehlo.log %8 : tensor<50xf32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0] : (tensor<50xf32>) -> tensor<50x3xf32>
    %11 = stablehlo.subtract %5, %10 : tensor<50x3xf32>
    %12 = stablehlo.broadcast_in_dim %8, dims = [0] : (tensor<50xf32>) -> tensor<50x3xf32>
    %p = stablehlo.divide %6, %12 : tensor<50x3xf32>
    %13 = stablehlo.broadcast_in_dim %y, dims = [0] : (tensor<50xi32>) -> tensor<50x3xi32>
    %14 = stablehlo.iota dim = 1 : tensor<50x3xi32>
    %15 = stablehlo.compare EQ, %13, %14, SIGNED : (tensor<50x3xi32>, tensor<50x3xi32>) -> tensor<50x3xi1>
    %16 = stablehlo.convert %15 : (tensor<50x3xi1>) -> tensor<50x3xf32>
    %17 = stablehlo.broadcast_in_dim %y, dims = [0] : (tensor<50xi32>) -> tensor<50x3xi32>
    %18 = stablehlo.iota dim = 1 : tensor<50x3xi32>
    %19 = stablehlo.compare EQ, %17, %18, SIGNED : (tensor<50x3xi32>, tensor<50x3xi32>) -> tensor<50x3xi1>
    %20 = stablehlo.constant dense<0.0> : tensor<50x3xf32>
    %21 = stablehlo.select %19, %11, %20 : tensor<50x3xi1>, tensor<50x3xf32>
    %22 = stablehlo.reduce(%21 init: %7) applies stablehlo.add across dimensions = [1] : (tensor<50x3xf32>, tensor<f32>) -> tensor<50xf32>
    %23 = stablehlo.reduce(%22 init: %7) applies stablehlo.add across dimensions = [0] : (tensor<50xf32>, tensor<f32>) -> tensor<f32>
    %24 = stablehlo.constant dense<50.0> : tensor<f32>
    %25 = stablehlo.divide %23, %24 : tensor<f32>
    %loss = stablehlo.negate %25 : tensor<f32>
    %26 = stablehlo.compare EQ, %p, %p, FLOAT : (tensor<50x3xf32>, tensor<50x3xf32>) -> tensor<50x3xi1>
    %27 = stablehlo.broadcast_in_dim %2, dims = [] : (tensor<f32>) -> tensor<50x3xf32>
    %28 = stablehlo.select %26, %p, %27 : tensor<50x3xi1>, tensor<50x3xf32>
    %29 = stablehlo.reduce(%28 init: %2) applies stablehlo.maximum across dimensions = [1] : (tensor<50x3xf32>, tensor<f32>) -> tensor<50xf32>
    %30 = stablehlo.broadcast_in_dim %29, dims = [0] : (tensor<50xf32>) -> tensor<50x3xf32>
    %31 = stablehlo.compare EQ, %28, %30, FLOAT : (tensor<50x3xf32>, tensor<50x3xf32>) -> tensor<50x3xi1>
    %32 = stablehlo.constant dense<2147483647> : tensor<i32>
    %33 = stablehlo.iota dim = 1 : tensor<50x3xi32>
    %34 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<i32>) -> tensor<50x3xi32>
    %35 = stablehlo.select %31, %33, %34 : tensor<50x3xi1>, tensor<50x3xi32>
    %36 = stablehlo.reduce(%35 init: %32) applies stablehlo.minimum across dimensions = [1] : (tensor<50x3xi32>, tensor<i32>) -> tensor<50xi32>
    %37 = stablehlo.compare EQ, %36, %y, SIGNED : (tensor<50xi32>, tensor<50xi32>) -> tensor<50xi1>
    %38 = stablehlo.convert %37 : (tensor<50xi1>) -> tensor<50xf32>
    %39 = stablehlo.reduce(%38 init: %7) applies stablehlo.add across dimensions = [0] : (tensor<50xf32>, tensor<f32>) -> tensor<f32>
    %accuracy = stablehlo.divide %39, %24 : tensor<f32>
    %40 = stablehlo.constant dense<0.1> : tensor<f32>
    %41 = stablehlo.broadcast_in_dim %24, dims = [] : (tensor<f32>) -> tensor<50x3xf32>
    %42 = stablehlo.subtract %p, %16 : tensor<50x3xf32>
    %dZ = stablehlo.divide %42, %41 : tensor<50x3xf32>
    %dB = stablehlo.reduce(%dZ init: %7) applies stablehlo.add across dimensions = [0] : (tensor<50x3xf32>, tensor<f32>) -> tensor<3xf32>
    %43 = stablehlo.transpose %x, dims = [1, 0] : (tensor<50x4xf32>) -> tensor<4x50xf32>
    %dW = stablehlo.dot_general %43, %dZ, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<4x50xf32>, tensor<50x3xf32>) -> tensor<4x3xf32>
    %44 = stablehlo.constant dense<0.1> : tensor<4x3xf32>
    %45 = stablehlo.multiply %44, %dW : tensor<4x3xf32>
    %w_2 = stablehlo.subtract %w, %45 : tensor<4x3xf32>
    %46 = stablehlo.constant dense<0.1> : tensor<3xf32>
    %47 = stablehlo.multiply %46, %dB : tensor<3xf32>
    %b_2 = stablehlo.subtract %b, %47 : tensor<3xf32>
    return %w_2, %b_2, %loss, %40, %accuracy : tensor<4x3xf32>, tensor<3xf32>, tensor<f32>, tensor<f32>, tensor<f32>
  }

  func.func public @evaluate(
      %w: tensor<4x3xf32>,
      %b: tensor<3xf32>,
      %x: tensor<50x4xf32>,
      %y: tensor<50xi32>,
      %t: tensor<i32>,
      %seed: tensor<i32>
  ) -> (
      tensor<f32>,
      tensor<f32>
  ) {
    %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<50x4xf32>, tensor<4x3xf32>) -> tensor<50x3xf32>
    %1 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<3xf32>) -> tensor<50x3xf32>
    %z = stablehlo.add %0, %1 : tensor<50x3xf32>
    %2 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %3 = stablehlo.reduce(%z init: %2) applies stablehlo.maximum across dimensions = [1] : (tensor<50x3xf32>, tensor<f32>) -> tensor<50xf32>
    %4 = stablehlo.broadcast_in_dim %3, dims = [0] : (tensor<50xf32>) -> tensor<50x3xf32>
    %5 = stablehlo.subtract %z, %4 : tensor<50x3xf32>
    %6 = stablehlo.exponential %5 : tensor<50x3xf32>
    %7 = stablehlo.constant dense<0.0> : tensor<f32>
    %8 = stablehlo.reduce(%6 init: %7) applies stablehlo.add across dimensions = [1] : (tensor<50x3xf32>, tensor<f32>) -> tensor<50xf32>
    %9 = stablehlo.log %8 : tensor<50xf32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0] : (tensor<50xf32>) -> tensor<50x3xf32>
    %11 = stablehlo.subtract %5, %10 : tensor<50x3xf32>
    %12 = stablehlo.broadcast_in_dim %8, dims = [0] : (tensor<50xf32>) -> tensor<50x3xf32>
    %p = stablehlo.divide %6, %12 : tensor<50x3xf32>
    %13 = stablehlo.broadcast_in_dim %y, dims = [0] : (tensor<50xi32>) -> tensor<50x3xi32>
    %14 = stablehlo.iota dim = 1 : tensor<50x3xi32>
    %15 = stablehlo.compare EQ, %13, %14, SIGNED : (tensor<50x3xi32>, tensor<50x3xi32>) -> tensor<50x3xi1>
    %16 = stablehlo.constant dense<0.0> : tensor<50x3xf32>
    %17 = stablehlo.select %15, %11, %16 : tensor<50x3xi1>, tensor<50x3xf32>
    %18 = stablehlo.reduce(%17 init: %7) applies stablehlo.add across dimensions = [1] : (tensor<50x3xf32>, tensor<f32>) -> tensor<50xf32>
    %19 = stablehlo.reduce(%18 init: %7) applies stablehlo.add across dimensions = [0] : (tensor<50xf32>, tensor<f32>) -> tensor<f32>
    %20 = stablehlo.constant dense<50.0> : tensor<f32>
    %21 = stablehlo.divide %19, %20 : tensor<f32>
    %loss = stablehlo.negate %21 : tensor<f32>
    %22 = stablehlo.compare EQ, %p, %p, FLOAT : (tensor<50x3xf32>, tensor<50x3xf32>) -> tensor<50x3xi1>
    %23 = stablehlo.broadcast_in_dim %2, dims = [] : (tensor<f32>) -> tensor<50x3xf32>
    %24 = stablehlo.select %22, %p, %23 : tensor<50x3xi1>, tensor<50x3xf32>
    %25 = stablehlo.reduce(%24 init: %2) applies stablehlo.maximum across dimensions = [1] : (tensor<50x3xf32>, tensor<f32>) -> tensor<50xf32>
    %26 = stablehlo.broadcast_in_dim %25, dims = [0] : (tensor<50xf32>) -> tensor<50x3xf32>
    %27 = stablehlo.compare EQ, %24, %26, FLOAT : (tensor<50x3xf32>, tensor<50x3xf32>) -> tensor<50x3xi1>
    %28 = stablehlo.constant dense<2147483647> : tensor<i32>
    %29 = stablehlo.iota dim = 1 : tensor<50x3xi32>
    %30 = stablehlo.broadcast_in_dim %28, dims = [] : (tensor<i32>) -> tensor<50x3xi32>
    %31 = stablehlo.select %27, %29, %30 : tensor<50x3xi1>, tensor<50x3xi32>
    %32 = stablehlo.reduce(%31 init: %28) applies stablehlo.minimum across dimensions = [1] : (tensor<50x3xi32>, tensor<i32>) -> tensor<50xi32>
    %33 = stablehlo.compare EQ, %32, %y, SIGNED : (tensor<50xi32>, tensor<50xi32>) -> tensor<50xi1>
    %34 = stablehlo.convert %33 : (tensor<50xi1>) -> tensor<50xf32>
    %35 = stablehlo.reduce(%34 init: %7) applies stablehlo.add across dimensions = [0] : (tensor<50xf32>, tensor<f32>) -> tensor<f32>
    %accuracy = stablehlo.divide %35, %20 : tensor<f32>
    return %loss, %accuracy : tensor<f32>, tensor<f32>
  }

  func.func public @predict(
      %w: tensor<4x3xf32>,
      %b: tensor<3xf32>,
      %x: tensor<50x4xf32>,
      %t: tensor<i32>,
      %seed: tensor<i32>
  ) -> (
      tensor<50x3xf32>
  ) {
    %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<50x4xf32>, tensor<4x3xf32>) -> tensor<50x3xf32>
    %1 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<3xf32>) -> tensor<50x3xf32>
    %z = stablehlo.add %0, %1 : tensor<50x3xf32>
    %2 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %3 = stablehlo.reduce(%z init: %2) applies stablehlo.maximum across dimensions = [1] : (tensor<50x3xf32>, tensor<f32>) -> tensor<50xf32>
    %4 = stablehlo.broadcast_in_dim %3, dims = [0] : (tensor<50xf32>) -> tensor<50x3xf32>
    %5 = stablehlo.subtract %z, %4 : tensor<50x3xf32>
    %6 = stablehlo.exponential %5 : tensor<50x3xf32>
    %7 = stablehlo.constant dense<0.0> : tensor<f32>
    %8 = stablehlo.reduce(%6 init: %7) applies stablehlo.add across dimensions = [1] : (tensor<50x3xf32>, tensor<f32>) -> tensor<50xf32>
    %9 = stablehlo.broadcast_in_dim %8, dims = [0] : (tensor<50xf32>) -> tensor<50x3xf32>
    %p = stablehlo.divide %6, %9 : tensor<50x3xf32>
    return %p : tensor<50x3xf32>
  }
}
