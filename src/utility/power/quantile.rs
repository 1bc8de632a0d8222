//! The quantile function of the normal distribution, the same on every machine.

/// The value below which that share of a standard normal lies, for a share in (0, 1); within 1e-15 of it, relatively.
///
/// Algorithm AS 241 (Wichura 1988), with the `log` of `libm`. O(1).
#[allow(clippy::excessive_precision, reason = "the coefficients as they were published")]
pub(super) fn normal_quantile(share: f64) -> f64 {
    const NEAR: [f64; 8] = [
        3.387_132_872_796_366_608,
        133.141_667_891_784_377_45,
        1_971.590_950_306_551_442_7,
        13_731.693_765_509_461_125,
        45_921.953_931_549_871_457,
        67_265.770_927_008_700_853,
        33_430.575_583_588_128_105,
        2_509.080_928_730_122_672_7,
    ];
    const NEAR_BELOW: [f64; 8] = [
        1.0,
        42.313_330_701_600_911_252,
        687.187_007_492_057_908_3,
        5_394.196_021_424_751_107_7,
        21_213.794_301_586_595_867,
        39_307.895_800_092_710_61,
        28_729.085_735_721_942_674,
        5_226.495_278_852_854_561,
    ];
    const FAR: [f64; 8] = [
        1.423_437_110_749_683_577_34,
        4.630_337_846_156_545_295_9,
        5.769_497_221_460_691_405_5,
        3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58,
        0.241_780_725_177_450_611_77,
        0.022_723_844_989_269_184_583_3,
        7.745_450_142_783_414_076_4e-4,
    ];
    const FAR_BELOW: [f64; 8] = [
        1.0,
        2.053_191_626_637_758_821_87,
        1.676_384_830_183_803_849_4,
        0.689_767_334_985_100_004_55,
        0.148_103_976_427_480_074_59,
        0.015_198_666_563_616_457_196_6,
        5.475_938_084_995_344_946e-4,
        1.050_750_071_644_416_843_24e-9,
    ];
    const FARTHEST: [f64; 8] = [
        6.657_904_643_501_103_777_2,
        5.463_784_911_164_114_369_9,
        1.784_826_539_917_291_335_8,
        0.296_560_571_828_504_891_23,
        0.026_532_189_526_576_123_093,
        0.001_242_660_947_388_078_438_6,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ];
    const FARTHEST_BELOW: [f64; 8] = [
        1.0,
        0.599_832_206_555_887_937_69,
        0.136_929_880_922_735_805_31,
        0.014_875_361_290_850_615_025,
        7.868_691_311_456_132_591e-4,
        1.846_318_317_510_054_681_8e-5,
        1.421_511_758_316_445_888_7e-7,
        2.044_263_103_389_939_785_64e-15,
    ];
    let from_middle = share - 0.5;
    if from_middle.abs() <= 0.425 {
        let square = 0.180_625 - from_middle * from_middle;
        return from_middle * polynomial(&NEAR, square) / polynomial(&NEAR_BELOW, square);
    }
    let tail = (-libm::log(share.min(1.0 - share))).sqrt();
    let value = if tail <= 5.0 {
        polynomial(&FAR, tail - 1.6) / polynomial(&FAR_BELOW, tail - 1.6)
    } else {
        polynomial(&FARTHEST, tail - 5.0) / polynomial(&FARTHEST_BELOW, tail - 5.0)
    };
    if from_middle < 0.0 { -value } else { value }
}

/// By Horner's rule, the constant first.
fn polynomial(coefficients: &[f64; 8], at: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * at + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    #[test]
    fn quantiles_are_those_of_the_books() {
        for (share, value) in [(0.5, 0.0), (0.975, 1.959_963_984_540_054), (0.8, 0.841_621_233_572_914_2)] {
            assert!((normal_quantile(share) - value).abs() < 1e-14, "{share}");
        }
        let normal = Normal::standard();
        for at in 1..4_000 {
            let value = f64::from(at) / 250.0 - 8.0;
            let share = normal.cdf(value);
            // Above, 1 - share has lost its digits.
            let lost = 1e-15 / (1.0 - share).max(1e-300) / value.abs().max(1.0);
            assert!((normal_quantile(share) - value).abs() < 1e-9 + lost, "{value}");
        }
    }
}
