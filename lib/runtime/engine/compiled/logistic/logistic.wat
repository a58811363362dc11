;; The logistic function of `rational-functions.ts`, of four 32-bit floats at a time, in place.
;; `test/model/compile/sgemm.test.ts` assembles it into logistic-code.ts.
(module
  (import "" "memory" (memory 1))
  ;; From `at` to `end`, or up to three numbers further.
  (func (export "logistic") (param $at i32) (param $end i32)
    (local $x v128) (local $s v128) (local $above v128) (local $below v128)
    (local $a0 v128) (local $a1 v128) (local $a2 v128) (local $a3 v128) (local $a4 v128) (local $b0 v128)
    (local $b1 v128) (local $b2 v128) (local $b3 v128) (local $b4 v128) (local $b5 v128)
    (local.set $a0 (v128.const f32x4 4.37031012579801e-11 4.37031012579801e-11 4.37031012579801e-11 4.37031012579801e-11))
    (local.set $a1 (v128.const f32x4 1.15627324459942e-7 1.15627324459942e-7 1.15627324459942e-7 1.15627324459942e-7))
    (local.set $a2 (v128.const f32x4 6.08574864600143e-5 6.08574864600143e-5 6.08574864600143e-5 6.08574864600143e-5))
    (local.set $a3 (v128.const f32x4 8.51377133304701e-3 8.51377133304701e-3 8.51377133304701e-3 8.51377133304701e-3))
    (local.set $a4 (v128.const f32x4 2.48287947061529e-1 2.48287947061529e-1 2.48287947061529e-1 2.48287947061529e-1))
    (local.set $b0 (v128.const f32x4 6.10247389755681e-13 6.10247389755681e-13 6.10247389755681e-13 6.10247389755681e-13))
    (local.set $b1 (v128.const f32x4 5.76102136993427e-9 5.76102136993427e-9 5.76102136993427e-9 5.76102136993427e-9))
    (local.set $b2 (v128.const f32x4 6.2910678501704e-6 6.2910678501704e-6 6.2910678501704e-6 6.2910678501704e-6))
    (local.set $b3 (v128.const f32x4 1.70198817374094e-3 1.70198817374094e-3 1.70198817374094e-3 1.70198817374094e-3))
    (local.set $b4 (v128.const f32x4 1.16817656904453e-1 1.16817656904453e-1 1.16817656904453e-1 1.16817656904453e-1))
    (local.set $b5 (v128.const f32x4 9.9315192102318e-1 9.9315192102318e-1 9.9315192102318e-1 9.9315192102318e-1))
    (loop $next
      (local.set $x
        (f32x4.min
          (f32x4.max (v128.load (local.get $at)) (v128.const f32x4 -18 -18 -18 -18))
          (v128.const f32x4 18 18 18 18)))
      (local.set $s (f32x4.mul (local.get $x) (local.get $x)))
      (local.set $above (f32x4.relaxed_madd (local.get $s) (local.get $a0) (local.get $a1)))
      (local.set $above (f32x4.relaxed_madd (local.get $above) (local.get $s) (local.get $a2)))
      (local.set $above (f32x4.relaxed_madd (local.get $above) (local.get $s) (local.get $a3)))
      (local.set $above (f32x4.relaxed_madd (local.get $above) (local.get $s) (local.get $a4)))
      (local.set $above (f32x4.mul (local.get $above) (local.get $x)))
      (local.set $below (f32x4.relaxed_madd (local.get $s) (local.get $b0) (local.get $b1)))
      (local.set $below (f32x4.relaxed_madd (local.get $below) (local.get $s) (local.get $b2)))
      (local.set $below (f32x4.relaxed_madd (local.get $below) (local.get $s) (local.get $b3)))
      (local.set $below (f32x4.relaxed_madd (local.get $below) (local.get $s) (local.get $b4)))
      (local.set $below (f32x4.relaxed_madd (local.get $below) (local.get $s) (local.get $b5)))
      (v128.store
        (local.get $at)
        (f32x4.min
          (f32x4.max
            (f32x4.add (f32x4.div (local.get $above) (local.get $below)) (v128.const f32x4 0.5 0.5 0.5 0.5))
            (v128.const f32x4 0 0 0 0))
          (v128.const f32x4 1 1 1 1)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))))
