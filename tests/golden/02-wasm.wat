(module
  (import "env" "memory" (memory 1))

  ;; exp of a float
  (func $exp (param $x f32) (result f32)
    (local $shared f32)
    (local $shared_2 f32)
    (local $shared_3 f32)
    (local $shared_4 f32)
    local.get $x
    f32.const -104
    f32.max
    f32.const 89
    f32.min
    local.tee $shared
    local.get $shared
    f32.const 1.4426950408889634
    f32.mul
    f32.const 0.5
    f32.add
    f32.floor
    local.tee $shared_2
    f32.const 0.693359375
    f32.mul
    f32.sub
    local.get $shared_2
    f32.const -0.00021219444
    f32.mul
    f32.sub
    local.tee $shared_3
    local.get $shared_3
    f32.mul
    f32.const 0.001395047682
    local.get $shared_3
    f32.mul
    f32.const 0.008368882434
    f32.add
    local.get $shared_3
    f32.mul
    f32.const 0.041666206014
    f32.add
    local.get $shared_3
    f32.mul
    f32.const 0.166665188967
    f32.add
    local.get $shared_3
    f32.mul
    f32.const 0.500000009512
    f32.add
    f32.mul
    local.get $shared_3
    f32.add
    f32.const 1
    f32.add
    local.get $shared_2
    f32.const 0.5
    f32.mul
    f32.floor
    local.tee $shared_4
    call $wholeOf
    i32.const 127
    i32.add
    i32.const 23
    i32.shl
    f32.reinterpret_i32
    f32.mul
    local.get $shared_2
    local.get $shared_4
    f32.sub
    call $wholeOf
    i32.const 127
    i32.add
    i32.const 23
    i32.shl
    f32.reinterpret_i32
    f32.mul
  )

  ;; log of a float
  (func $log (param $x f32) (result f32)
    (local $shared i32)
    (local $shared_2 i32)
    (local $shared_3 i32)
    (local $shared_4 f32)
    (local $shared_5 f32)
    (local $shared_6 f32)
    (local $shared_7 f32)
    (local $shared_8 f32)
    f32.const -inf
    local.get $x
    local.get $x
    f32.const 8388608
    f32.mul
    local.get $x
    local.get $x
    f32.const 1.1754943508222875e-38
    f32.lt
    local.tee $shared
    select
    i32.reinterpret_f32
    local.tee $shared_2
    local.get $shared_2
    i32.const 1060439283
    i32.sub
    i32.const 23
    i32.shr_s
    local.tee $shared_3
    i32.const 23
    i32.shl
    i32.sub
    f32.reinterpret_i32
    f32.const 1
    f32.sub
    local.tee $shared_4
    local.get $shared_4
    local.get $shared_4
    f32.mul
    f32.const 0.5
    f32.mul
    local.tee $shared_5
    local.get $shared_4
    local.get $shared_4
    f32.const 2
    f32.add
    f32.div
    local.tee $shared_6
    local.get $shared_5
    local.get $shared_6
    local.get $shared_6
    f32.mul
    local.tee $shared_7
    f32.const 0.235821542434
    local.get $shared_7
    f32.mul
    f32.const 0.285373083632
    f32.add
    local.get $shared_7
    f32.mul
    f32.const 0.400003351943
    f32.add
    local.get $shared_7
    f32.mul
    f32.const 0.666666656454
    f32.add
    f32.mul
    f32.add
    f32.mul
    local.get $shared_3
    f32.convert_i32_s
    f32.const 23
    f32.const 0
    local.get $shared
    select
    f32.sub
    local.tee $shared_8
    f32.const -0.00021219444
    f32.mul
    f32.add
    f32.sub
    f32.sub
    local.get $shared_8
    f32.const 0.693359375
    f32.mul
    f32.add
    local.get $x
    f32.const inf
    f32.eq
    select
    local.get $x
    f32.const 0
    f32.eq
    select
    f32.const nan
    f32.const 0
    local.get $x
    f32.le
    select
  )

  ;; x | 0
  (func $wholeOf (param $x f32) (result i32)
    local.get $x
    i64.trunc_sat_f32_s
    i32.wrap_i64
    i32.const 0
    local.get $x
    f32.abs
    f32.const 9223372036854776000
    f32.lt
    select
  )

  ;; forward
  (func $forward (export "forward") (param $n i32) (param $xAt i32)
    (local $j i32)
    (local $jEnd i32)
    (local $first i32)
    (local $terms i32)
    (local $read i32)
    (local $write i32)
    (local $writeEnd i32)
    (local $i i32)
    (local $iWhole i32)
    (local $iEnd i32)
    (local $sum v128)
    (local $sum_2 v128)
    (local $sum_3 v128)
    (local $sum_4 v128)
    (local $left i32)
    (local $panel i32)
    (local $panelEnd i32)
    (local $column v128)
    (local $element v128)
    (local $line i32)
    (local $place i32)
    (local $result v128)
    (local $line_2 i32)
    (local $place_2 i32)
    (local $result_2 v128)
    (local $line_3 i32)
    (local $place_3 i32)
    (local $result_3 v128)
    (local $line_4 i32)
    (local $place_4 i32)
    (local $result_4 v128)
    (local $sum_5 v128)
    (local $left_2 i32)
    (local $panel_2 i32)
    (local $panelEnd_2 i32)
    (local $column_2 v128)
    (local $element_2 v128)
    (local $line_5 i32)
    (local $place_5 i32)
    (local $result_5 v128)
    (local $i_2 i32)
    (local $iEnd_2 i32)
    (local $max f32)
    (local $j_2 i32)
    (local $jEnd_2 i32)
    (local $j_3 i32)
    (local $jEnd_3 i32)
    (local $j_4 i32)
    (local $jEnd_4 i32)
    (local $sum_6 f32)
    (local $j_5 i32)
    (local $jEnd_5 i32)
    (local $j_6 i32)
    (local $jEnd_6 i32)
    i32.const 0
    local.set $j
    i32.const 0
    local.set $first
    i32.const 4
    local.set $terms
    i32.const 0
    i32.const 3
    i32.mul
    i32.const 0
    i32.add
    i32.const 4
    i32.mul
    local.get $j
    i32.const 4
    i32.mul
    i32.add
    local.get $first
    i32.const 12
    i32.mul
    i32.add
    local.set $read
    i32.const 0
    i32.const 9120
    i32.add
    local.tee $write
    local.get $terms
    i32.const 16
    i32.mul
    i32.add
    local.set $writeEnd
    local.get $write
    local.get $writeEnd
    i32.lt_s
    if
      loop
        local.get $write
        local.get $read
        f32.load
        f32.store
        local.get $write
        local.get $read
        f32.load offset=4
        f32.store offset=4
        local.get $write
        local.get $read
        f32.load offset=8
        f32.store offset=8
        local.get $write
        f32.const 0
        f32.store offset=12
        local.get $read
        i32.const 12
        i32.add
        local.set $read
        local.get $write
        i32.const 16
        i32.add
        local.set $write
        local.get $write
        local.get $writeEnd
        i32.lt_s
        br_if 0
      end
    end
    i32.const 0
    local.set $i
    local.get $n
    local.tee $iEnd
    i32.const -4
    i32.and
    local.set $iWhole
    local.get $i
    local.get $iWhole
    i32.lt_s
    if
      loop
        v128.const i32x4 0 0 0 0
        local.set $sum
        v128.const i32x4 0 0 0 0
        local.set $sum_2
        v128.const i32x4 0 0 0 0
        local.set $sum_3
        v128.const i32x4 0 0 0 0
        local.set $sum_4
        local.get $xAt
        i32.const 0
        i32.const 4
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        i32.add
        local.get $i
        i32.const 16
        i32.mul
        i32.add
        local.get $first
        i32.const 4
        i32.mul
        i32.add
        local.set $left
        i32.const 0
        i32.const 9120
        i32.add
        local.tee $panel
        local.get $terms
        i32.const 16
        i32.mul
        i32.add
        local.set $panelEnd
        local.get $panel
        local.get $panelEnd
        i32.lt_s
        if
          loop
            local.get $panel
            v128.load
            local.set $column
            local.get $left
            v128.load32_splat
            local.set $element
            local.get $sum
            local.get $element
            local.get $column
            f32x4.mul
            f32x4.add
            local.set $sum
            local.get $left
            v128.load32_splat offset=16
            local.set $element
            local.get $sum_2
            local.get $element
            local.get $column
            f32x4.mul
            f32x4.add
            local.set $sum_2
            local.get $left
            v128.load32_splat offset=32
            local.set $element
            local.get $sum_3
            local.get $element
            local.get $column
            f32x4.mul
            f32x4.add
            local.set $sum_3
            local.get $left
            v128.load32_splat offset=48
            local.set $element
            local.get $sum_4
            local.get $element
            local.get $column
            f32x4.mul
            f32x4.add
            local.set $sum_4
            local.get $left
            i32.const 4
            i32.add
            local.set $left
            local.get $panel
            i32.const 16
            i32.add
            local.set $panel
            local.get $panel
            local.get $panelEnd
            i32.lt_s
            br_if 0
          end
        end
        local.get $i
        i32.const 0
        i32.add
        local.set $line
        local.get $j
        i32.const 0
        i32.add
        local.set $place
        local.get $sum
        local.get $place
        i32.const 4
        i32.mul
        v128.load offset=48
        f32x4.add
        local.set $result
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result
        f32x4.extract_lane 0
        f32.store offset=64
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result
        f32x4.extract_lane 1
        f32.store offset=68
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result
        f32x4.extract_lane 2
        f32.store offset=72
        local.get $i
        i32.const 1
        i32.add
        local.set $line_2
        local.get $j
        i32.const 0
        i32.add
        local.set $place_2
        local.get $sum_2
        local.get $place_2
        i32.const 4
        i32.mul
        v128.load offset=48
        f32x4.add
        local.set $result_2
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result_2
        f32x4.extract_lane 0
        f32.store offset=76
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result_2
        f32x4.extract_lane 1
        f32.store offset=80
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result_2
        f32x4.extract_lane 2
        f32.store offset=84
        local.get $i
        i32.const 2
        i32.add
        local.set $line_3
        local.get $j
        i32.const 0
        i32.add
        local.set $place_3
        local.get $sum_3
        local.get $place_3
        i32.const 4
        i32.mul
        v128.load offset=48
        f32x4.add
        local.set $result_3
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result_3
        f32x4.extract_lane 0
        f32.store offset=88
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result_3
        f32x4.extract_lane 1
        f32.store offset=92
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result_3
        f32x4.extract_lane 2
        f32.store offset=96
        local.get $i
        i32.const 3
        i32.add
        local.set $line_4
        local.get $j
        i32.const 0
        i32.add
        local.set $place_4
        local.get $sum_4
        local.get $place_4
        i32.const 4
        i32.mul
        v128.load offset=48
        f32x4.add
        local.set $result_4
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result_4
        f32x4.extract_lane 0
        f32.store offset=100
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result_4
        f32x4.extract_lane 1
        f32.store offset=104
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result_4
        f32x4.extract_lane 2
        f32.store offset=108
        local.get $i
        i32.const 4
        i32.add
        local.set $i
        local.get $i
        local.get $iWhole
        i32.lt_s
        br_if 0
      end
    end
    local.get $i
    local.get $iEnd
    i32.lt_s
    if
      loop
        v128.const i32x4 0 0 0 0
        local.set $sum_5
        local.get $xAt
        i32.const 0
        i32.const 4
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        i32.add
        local.get $i
        i32.const 16
        i32.mul
        i32.add
        local.get $first
        i32.const 4
        i32.mul
        i32.add
        local.set $left_2
        i32.const 0
        i32.const 9120
        i32.add
        local.tee $panel_2
        local.get $terms
        i32.const 16
        i32.mul
        i32.add
        local.set $panelEnd_2
        local.get $panel_2
        local.get $panelEnd_2
        i32.lt_s
        if
          loop
            local.get $panel_2
            v128.load
            local.set $column_2
            local.get $left_2
            v128.load32_splat
            local.set $element_2
            local.get $sum_5
            local.get $element_2
            local.get $column_2
            f32x4.mul
            f32x4.add
            local.set $sum_5
            local.get $left_2
            i32.const 4
            i32.add
            local.set $left_2
            local.get $panel_2
            i32.const 16
            i32.add
            local.set $panel_2
            local.get $panel_2
            local.get $panelEnd_2
            i32.lt_s
            br_if 0
          end
        end
        local.get $i
        i32.const 0
        i32.add
        local.set $line_5
        local.get $j
        i32.const 0
        i32.add
        local.set $place_5
        local.get $sum_5
        local.get $place_5
        i32.const 4
        i32.mul
        v128.load offset=48
        f32x4.add
        local.set $result_5
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result_5
        f32x4.extract_lane 0
        f32.store offset=64
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result_5
        f32x4.extract_lane 1
        f32.store offset=68
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $i
        i32.const 12
        i32.mul
        i32.add
        local.get $j
        i32.const 4
        i32.mul
        i32.add
        local.get $result_5
        f32x4.extract_lane 2
        f32.store offset=72
        local.get $i
        i32.const 1
        i32.add
        local.set $i
        local.get $i
        local.get $iEnd
        i32.lt_s
        br_if 0
      end
    end
    i32.const 0
    local.set $i_2
    local.get $n
    local.set $iEnd_2
    local.get $i_2
    local.get $iEnd_2
    i32.lt_s
    if
      loop
        f32.const -inf
        local.set $max
        i32.const 0
        local.set $j_2
        i32.const 3
        local.set $jEnd_2
        local.get $j_2
        local.get $jEnd_2
        i32.lt_s
        if
          loop
            local.get $max
            local.get $i_2
            i32.const 3
            i32.mul
            local.get $j_2
            i32.add
            i32.const 4
            i32.mul
            f32.load offset=64
            f32.max
            local.set $max
            local.get $j_2
            i32.const 1
            i32.add
            local.set $j_2
            local.get $j_2
            local.get $jEnd_2
            i32.lt_s
            br_if 0
          end
        end
        i32.const 0
        local.set $j_3
        i32.const 3
        local.set $jEnd_3
        local.get $j_3
        local.get $jEnd_3
        i32.lt_s
        if
          loop
            local.get $i_2
            i32.const 3
            i32.mul
            local.get $j_3
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 3
            i32.mul
            local.get $j_3
            i32.add
            i32.const 4
            i32.mul
            f32.load offset=64
            local.get $max
            f32.sub
            f32.store offset=64
            local.get $j_3
            i32.const 1
            i32.add
            local.set $j_3
            local.get $j_3
            local.get $jEnd_3
            i32.lt_s
            br_if 0
          end
        end
        i32.const 0
        local.set $j_4
        i32.const 3
        local.set $jEnd_4
        local.get $j_4
        local.get $jEnd_4
        i32.lt_s
        if
          loop
            local.get $i_2
            i32.const 3
            i32.mul
            local.get $j_4
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 3
            i32.mul
            local.get $j_4
            i32.add
            i32.const 4
            i32.mul
            f32.load offset=64
            call $exp
            f32.store offset=1872
            local.get $j_4
            i32.const 1
            i32.add
            local.set $j_4
            local.get $j_4
            local.get $jEnd_4
            i32.lt_s
            br_if 0
          end
        end
        f32.const 0
        local.set $sum_6
        i32.const 0
        local.set $j_5
        i32.const 3
        local.set $jEnd_5
        local.get $j_5
        local.get $jEnd_5
        i32.lt_s
        if
          loop
            local.get $sum_6
            local.get $i_2
            i32.const 3
            i32.mul
            local.get $j_5
            i32.add
            i32.const 4
            i32.mul
            f32.load offset=1872
            f32.add
            local.set $sum_6
            local.get $j_5
            i32.const 1
            i32.add
            local.set $j_5
            local.get $j_5
            local.get $jEnd_5
            i32.lt_s
            br_if 0
          end
        end
        local.get $i_2
        i32.const 4
        i32.mul
        local.get $sum_6
        f32.store offset=3680
        i32.const 0
        local.set $j_6
        i32.const 3
        local.set $jEnd_6
        local.get $j_6
        local.get $jEnd_6
        i32.lt_s
        if
          loop
            local.get $i_2
            i32.const 3
            i32.mul
            local.get $j_6
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 3
            i32.mul
            local.get $j_6
            i32.add
            i32.const 4
            i32.mul
            f32.load offset=1872
            local.get $i_2
            i32.const 4
            i32.mul
            f32.load offset=3680
            f32.div
            f32.store offset=1872
            local.get $j_6
            i32.const 1
            i32.add
            local.set $j_6
            local.get $j_6
            local.get $jEnd_6
            i32.lt_s
            br_if 0
          end
        end
        local.get $i_2
        i32.const 1
        i32.add
        local.set $i_2
        local.get $i_2
        local.get $iEnd_2
        i32.lt_s
        br_if 0
      end
    end
  )

  ;; measure
  (func $measure (export "measure") (param $n i32) (param $yAt i32)
    (local $sum f32)
    (local $i i32)
    (local $iEnd i32)
    (local $row f32)
    (local $sum2 f32)
    (local $j i32)
    (local $jEnd i32)
    (local $sum_2 f32)
    (local $i_2 i32)
    (local $iEnd_2 i32)
    (local $largest f32)
    (local $best i32)
    (local $j_2 i32)
    (local $jEnd_2 i32)
    (local $candidate f32)
    f32.const 0
    local.set $sum
    i32.const 0
    local.set $i
    local.get $n
    local.set $iEnd
    local.get $i
    local.get $iEnd
    i32.lt_s
    if
      loop
        local.get $i
        i32.const 4
        i32.mul
        f32.load offset=3680
        call $log
        local.set $row
        f32.const 0
        local.set $sum2
        i32.const 0
        local.set $j
        i32.const 3
        local.set $jEnd
        local.get $j
        local.get $jEnd
        i32.lt_s
        if
          loop
            local.get $sum2
            local.get $i
            i32.const 3
            i32.mul
            local.get $j
            i32.add
            i32.const 4
            i32.mul
            f32.load offset=64
            local.get $row
            f32.sub
            f32.const 0
            local.get $yAt
            local.get $i
            i32.const 4
            i32.mul
            i32.add
            i32.load
            local.get $j
            i32.eq
            select
            f32.add
            local.set $sum2
            local.get $j
            i32.const 1
            i32.add
            local.set $j
            local.get $j
            local.get $jEnd
            i32.lt_s
            br_if 0
          end
        end
        local.get $sum
        local.get $sum2
        f32.add
        local.set $sum
        local.get $i
        i32.const 1
        i32.add
        local.set $i
        local.get $i
        local.get $iEnd
        i32.lt_s
        br_if 0
      end
    end
    i32.const 0
    local.get $sum
    local.get $n
    f32.convert_i32_s
    f32.div
    f32.neg
    f32.store offset=4288
    f32.const 0
    local.set $sum_2
    i32.const 0
    local.set $i_2
    local.get $n
    local.set $iEnd_2
    local.get $i_2
    local.get $iEnd_2
    i32.lt_s
    if
      loop
        f32.const -inf
        local.set $largest
        i32.const 0
        local.set $best
        i32.const 0
        local.set $j_2
        i32.const 3
        local.set $jEnd_2
        local.get $j_2
        local.get $jEnd_2
        i32.lt_s
        if
          loop
            local.get $i_2
            i32.const 3
            i32.mul
            local.get $j_2
            i32.add
            i32.const 4
            i32.mul
            f32.load offset=1872
            local.set $candidate
            local.get $largest
            local.get $candidate
            f32.lt
            if
              local.get $candidate
              local.set $largest
              local.get $j_2
              local.set $best
            end
            local.get $j_2
            i32.const 1
            i32.add
            local.set $j_2
            local.get $j_2
            local.get $jEnd_2
            i32.lt_s
            br_if 0
          end
        end
        local.get $sum_2
        local.get $best
        local.get $yAt
        local.get $i_2
        i32.const 4
        i32.mul
        i32.add
        i32.load
        i32.eq
        f32.convert_i32_s
        f32.add
        local.set $sum_2
        local.get $i_2
        i32.const 1
        i32.add
        local.set $i_2
        local.get $i_2
        local.get $iEnd_2
        i32.lt_s
        br_if 0
      end
    end
    i32.const 0
    local.get $sum_2
    local.get $n
    f32.convert_i32_s
    f32.div
    f32.store offset=64
  )

  ;; backward
  (func $backward (export "backward") (param $n i32) (param $xAt i32) (param $yAt i32)
    (local $i i32)
    (local $iEnd i32)
    (local $j i32)
    (local $jEnd i32)
    (local $j_2 i32)
    (local $jEnd_2 i32)
    (local $first i32)
    (local $terms i32)
    (local $termsEnd i32)
    (local $read i32)
    (local $write i32)
    (local $writeEnd i32)
    (local $i_2 i32)
    (local $iWhole i32)
    (local $iEnd_2 i32)
    (local $sum v128)
    (local $sum_2 v128)
    (local $sum_3 v128)
    (local $sum_4 v128)
    (local $left i32)
    (local $panel i32)
    (local $panelEnd i32)
    (local $column v128)
    (local $element v128)
    (local $j_3 i32)
    (local $jEnd_3 i32)
    (local $i_3 i32)
    (local $iEnd_3 i32)
    i32.const 0
    local.set $i
    local.get $n
    local.set $iEnd
    local.get $i
    local.get $iEnd
    i32.lt_s
    if
      loop
        i32.const 0
        local.set $j
        i32.const 3
        local.set $jEnd
        local.get $j
        local.get $jEnd
        i32.lt_s
        if
          loop
            local.get $i
            i32.const 3
            i32.mul
            local.get $j
            i32.add
            i32.const 4
            i32.mul
            local.get $i
            i32.const 3
            i32.mul
            local.get $j
            i32.add
            i32.const 4
            i32.mul
            f32.load offset=1872
            f32.const 1
            f32.const 0
            local.get $yAt
            local.get $i
            i32.const 4
            i32.mul
            i32.add
            i32.load
            local.get $j
            i32.eq
            select
            f32.sub
            local.get $n
            f32.convert_i32_s
            f32.div
            f32.store offset=4304
            local.get $j
            i32.const 1
            i32.add
            local.set $j
            local.get $j
            local.get $jEnd
            i32.lt_s
            br_if 0
          end
        end
        local.get $i
        i32.const 1
        i32.add
        local.set $i
        local.get $i
        local.get $iEnd
        i32.lt_s
        br_if 0
      end
    end
    i32.const 0
    i32.const 80
    i32.add
    i32.const 0
    i32.const 4
    i32.const 4
    i32.mul
    i32.const 3
    i32.mul
    memory.fill
    i32.const 0
    local.set $j_2
    i32.const 0
    local.set $first
    local.get $n
    local.set $termsEnd
    local.get $first
    local.get $termsEnd
    i32.lt_s
    if
      loop
        local.get $termsEnd
        local.get $first
        i32.sub
        i32.const 1024
        local.get $termsEnd
        local.get $first
        i32.sub
        i32.const 1024
        i32.lt_s
        select
        local.set $terms
        i32.const 0
        i32.const 3
        i32.mul
        i32.const 0
        i32.add
        i32.const 4
        i32.mul
        local.get $j_2
        i32.const 4
        i32.mul
        i32.add
        local.get $first
        i32.const 12
        i32.mul
        i32.add
        local.set $read
        i32.const 0
        i32.const 9120
        i32.add
        local.tee $write
        local.get $terms
        i32.const 16
        i32.mul
        i32.add
        local.set $writeEnd
        local.get $write
        local.get $writeEnd
        i32.lt_s
        if
          loop
            local.get $write
            local.get $read
            f32.load offset=4304
            f32.store
            local.get $write
            local.get $read
            f32.load offset=4308
            f32.store offset=4
            local.get $write
            local.get $read
            f32.load offset=4312
            f32.store offset=8
            local.get $write
            f32.const 0
            f32.store offset=12
            local.get $read
            i32.const 12
            i32.add
            local.set $read
            local.get $write
            i32.const 16
            i32.add
            local.set $write
            local.get $write
            local.get $writeEnd
            i32.lt_s
            br_if 0
          end
        end
        i32.const 0
        local.set $i_2
        i32.const 4
        local.tee $iEnd_2
        i32.const -4
        i32.and
        local.set $iWhole
        local.get $i_2
        local.get $iWhole
        i32.lt_s
        if
          loop
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            v128.load offset=80
            local.set $sum
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            v128.load offset=92
            local.set $sum_2
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            v128.load offset=104
            local.set $sum_3
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            v128.load offset=116
            local.set $sum_4
            local.get $xAt
            i32.const 0
            i32.const 4
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            i32.add
            local.get $i_2
            i32.const 4
            i32.mul
            i32.add
            local.get $first
            i32.const 16
            i32.mul
            i32.add
            local.set $left
            i32.const 0
            i32.const 9120
            i32.add
            local.tee $panel
            local.get $terms
            i32.const 16
            i32.mul
            i32.add
            local.set $panelEnd
            local.get $panel
            local.get $panelEnd
            i32.lt_s
            if
              loop
                local.get $panel
                v128.load
                local.set $column
                local.get $left
                v128.load32_splat
                local.set $element
                local.get $sum
                local.get $element
                local.get $column
                f32x4.mul
                f32x4.add
                local.set $sum
                local.get $left
                v128.load32_splat offset=4
                local.set $element
                local.get $sum_2
                local.get $element
                local.get $column
                f32x4.mul
                f32x4.add
                local.set $sum_2
                local.get $left
                v128.load32_splat offset=8
                local.set $element
                local.get $sum_3
                local.get $element
                local.get $column
                f32x4.mul
                f32x4.add
                local.set $sum_3
                local.get $left
                v128.load32_splat offset=12
                local.set $element
                local.get $sum_4
                local.get $element
                local.get $column
                f32x4.mul
                f32x4.add
                local.set $sum_4
                local.get $left
                i32.const 16
                i32.add
                local.set $left
                local.get $panel
                i32.const 16
                i32.add
                local.set $panel
                local.get $panel
                local.get $panelEnd
                i32.lt_s
                br_if 0
              end
            end
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            local.get $sum
            f32x4.extract_lane 0
            f32.store offset=80
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            local.get $sum
            f32x4.extract_lane 1
            f32.store offset=84
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            local.get $sum
            f32x4.extract_lane 2
            f32.store offset=88
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            local.get $sum_2
            f32x4.extract_lane 0
            f32.store offset=92
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            local.get $sum_2
            f32x4.extract_lane 1
            f32.store offset=96
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            local.get $sum_2
            f32x4.extract_lane 2
            f32.store offset=100
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            local.get $sum_3
            f32x4.extract_lane 0
            f32.store offset=104
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            local.get $sum_3
            f32x4.extract_lane 1
            f32.store offset=108
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            local.get $sum_3
            f32x4.extract_lane 2
            f32.store offset=112
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            local.get $sum_4
            f32x4.extract_lane 0
            f32.store offset=116
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            local.get $sum_4
            f32x4.extract_lane 1
            f32.store offset=120
            i32.const 0
            i32.const 3
            i32.mul
            i32.const 0
            i32.add
            i32.const 4
            i32.mul
            local.get $i_2
            i32.const 12
            i32.mul
            i32.add
            local.get $j_2
            i32.const 4
            i32.mul
            i32.add
            local.get $sum_4
            f32x4.extract_lane 2
            f32.store offset=124
            local.get $i_2
            i32.const 4
            i32.add
            local.set $i_2
            local.get $i_2
            local.get $iWhole
            i32.lt_s
            br_if 0
          end
        end
        local.get $first
        i32.const 1024
        i32.add
        local.set $first
        local.get $first
        local.get $termsEnd
        i32.lt_s
        br_if 0
      end
    end
    i32.const 0
    i32.const 128
    i32.add
    i32.const 0
    i32.const 4
    i32.const 3
    i32.mul
    memory.fill
    i32.const 0
    local.set $j_3
    local.get $n
    local.set $jEnd_3
    local.get $j_3
    local.get $jEnd_3
    i32.lt_s
    if
      loop
        i32.const 0
        local.set $i_3
        i32.const 3
        local.set $iEnd_3
        local.get $i_3
        local.get $iEnd_3
        i32.lt_s
        if
          loop
            local.get $i_3
            i32.const 4
            i32.mul
            local.get $i_3
            i32.const 4
            i32.mul
            f32.load offset=128
            local.get $j_3
            i32.const 3
            i32.mul
            local.get $i_3
            i32.add
            i32.const 4
            i32.mul
            f32.load offset=4304
            f32.add
            f32.store offset=128
            local.get $i_3
            i32.const 1
            i32.add
            local.set $i_3
            local.get $i_3
            local.get $iEnd_3
            i32.lt_s
            br_if 0
          end
        end
        local.get $j_3
        i32.const 1
        i32.add
        local.set $j_3
        local.get $j_3
        local.get $jEnd_3
        i32.lt_s
        br_if 0
      end
    end
  )

  ;; update
  (func $update (export "update")
    (local $i i32)
    (local $iBytes i32)
    (local $iWhole i32)
    (local $iEnd i32)
    (local $at i32)
    (local $at_2 i32)
    (local $at_3 i32)
    (local $i_2 i32)
    (local $iEnd_2 i32)
    i32.const 0
    local.set $at
    i32.const 0
    local.set $at_2
    i32.const 0
    local.set $at_3
    i32.const 0
    local.tee $i
    i32.const 4
    i32.mul
    local.set $iBytes
    i32.const 12
    local.tee $iEnd
    i32.const -4
    i32.and
    local.set $iWhole
    local.get $i
    local.get $iWhole
    i32.lt_s
    if
      loop
        local.get $at_3
        local.get $iBytes
        i32.add
        local.get $at
        local.get $iBytes
        i32.add
        v128.load
        v128.const i32x4 1036831949 1036831949 1036831949 1036831949
        local.get $at_2
        local.get $iBytes
        i32.add
        v128.load offset=80
        f32x4.mul
        f32x4.sub
        v128.store
        local.get $iBytes
        i32.const 16
        i32.add
        local.set $iBytes
        local.get $i
        i32.const 4
        i32.add
        local.set $i
        local.get $i
        local.get $iWhole
        i32.lt_s
        br_if 0
      end
    end
    i32.const 0
    local.set $i_2
    i32.const 3
    local.set $iEnd_2
    local.get $i_2
    local.get $iEnd_2
    i32.lt_s
    if
      loop
        local.get $i_2
        i32.const 4
        i32.mul
        local.get $i_2
        i32.const 4
        i32.mul
        f32.load offset=48
        f32.const 0.1
        local.get $i_2
        i32.const 4
        i32.mul
        f32.load offset=128
        f32.mul
        f32.sub
        f32.store offset=48
        local.get $i_2
        i32.const 1
        i32.add
        local.set $i_2
        local.get $i_2
        local.get $iEnd_2
        i32.lt_s
        br_if 0
      end
    end
  )
)
