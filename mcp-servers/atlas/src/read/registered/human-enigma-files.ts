import type { RegistryFile } from '../../datasets/adapter.ts';

const origin =
  'https://raw.githubusercontent.com/MICA-MNI/ENIGMA/d66a7ef320a913f9441bf1089b44f1dad11e5724/enigmatoolbox/datasets/';

const file = (folder: string, [name, bytes, sha256]: [string, number, string]): RegistryFile => ({
  path: `human-enigma/${folder === 'summary_statistics/' ? folder : ''}${name}`,
  bytes,
  sha256,
  origin: `${origin}${folder}${name}`,
});

/** Matrices of connections and the names of their regions. */
export const enigmaMatrices: RegistryFile[] = (
  [
    ['strucMatrix_ctx.csv', 30014, 'e57b94ec8de0b30f128899413b02a09538a2911633db41fff00ff4715d5841b5'],
    ['strucLabels_ctx.csv', 1164, '47a5301cb4f956782fa99c6c0b110fc4717c4bb626a65a4d04890ed72a745a35'],
    ['funcMatrix_ctx.csv', 81846, '8c4fbbe79dc851ac51bff40bf1bdfd07ce839f819d74519ad7518a731e07b934'],
    ['funcLabels_ctx.csv', 1164, '47a5301cb4f956782fa99c6c0b110fc4717c4bb626a65a4d04890ed72a745a35'],
    ['strucMatrix_sctx.csv', 8123, 'f5552c330853848bb8dc66cca11e6fea214f7b3182f91fad48e6d7da2ecb1412'],
    ['strucLabels_sctx.csv', 86, '913290bc0e00e133c4c2b4f38a55e055636fcd1fd9d54a8ef07406b0efaa1bde'],
    ['funcMatrix_sctx.csv', 17577, 'd6058056c1c716f7225736ca90fff0f6cd0e5752a1c4e852f67aaa2ab2719112'],
    ['funcLabels_sctx.csv', 86, '913290bc0e00e133c4c2b4f38a55e055636fcd1fd9d54a8ef07406b0efaa1bde'],
    ['strucMatrix_with_sctx.csv', 25098, 'ee3825eed9d83786fbfa4804c13c78ef4b94267ad48b517e2a732f2c05300634'],
    ['strucLabels_with_sctx.csv', 1249, '331333840228ccb9489d7b63f6d12c08bef9ee12ec0fbe95e27b7d86759ce97a'],
    ['funcMatrix_with_sctx.csv', 54118, '623b719ee4de65e2eed119e31ed400b4d21187978c5655a2d02ce21a72c75058'],
    ['funcLabels_with_sctx.csv', 1249, '331333840228ccb9489d7b63f6d12c08bef9ee12ec0fbe95e27b7d86759ce97a'],
    ['strucMatrix_ctx_schaefer_100.csv', 30814, 'dea65da4029e99880e649414ff258f2236e5e9cfae80d7c448dbd4d183ac014f'],
    ['strucLabels_ctx_schaefer_100.csv', 2627, '27f695aec7c095e95c1b0215ebf6ab232d7e97bd2d26e0e47821b59b2ecfaaf3'],
    ['funcMatrix_ctx_schaefer_100.csv', 78476, '2aa7422195916c4a450f57442fadcf5c26ca82571cd63c25cd98f7e48b7cdd76'],
    ['funcLabels_ctx_schaefer_100.csv', 2627, '27f695aec7c095e95c1b0215ebf6ab232d7e97bd2d26e0e47821b59b2ecfaaf3'],
    [
      'strucMatrix_with_sctx_schaefer_100.csv',
      42506,
      '01023b1d8252a55adc1b2595483173f0d0b3cf7546dc4cde14914d113d4dbfa2',
    ],
    [
      'strucLabels_with_sctx_schaefer_100.csv',
      2713,
      '76ea6a84370b5ba1dca288e4ecd2c94716d704a69e4327386a98c563aba0ee41',
    ],
    ['funcLabels_with_sctx_schaefer_100.csv', 2713, '76ea6a84370b5ba1dca288e4ecd2c94716d704a69e4327386a98c563aba0ee41'],
    ['strucMatrix_ctx_schaefer_200.csv', 103628, '71f1111f25a3fd9b14a8647214019e332962924e856dc79edbeffb9ef635c638'],
    ['strucLabels_ctx_schaefer_200.csv', 5277, 'dc3766a114ab914ff1d8e4981eb063157eeff45671c524023d9d634e767f88e5'],
    ['funcMatrix_ctx_schaefer_200.csv', 316718, 'e1595f75722456151b803720119e6a49ed633e62fd0f1ba03d1c8e108d05fe42'],
    ['funcLabels_ctx_schaefer_200.csv', 5277, 'dc3766a114ab914ff1d8e4981eb063157eeff45671c524023d9d634e767f88e5'],
  ] satisfies [string, number, string][]
).map((one) => file('matrices/hcp_connectivity/', one));

/** Case-control tables. */
export const enigmaStatistics: RegistryFile[] = (
  [
    ['22q_case-controls_CortSurf.csv', 5000, '4bb33c3571787b0e425f8b516320397d51ffadbe14145d0a6104882d2f1eef1a'],
    ['22q_case-controls_CortThick.csv', 4999, 'fe611a2b9aa9753051192e5687a76fc0c6e00312ca7cfbbbee0f9d9d7cbb265f'],
    ['22q_case-controls_SubVol.csv', 1101, '8ed7d528905d2b88c151c9aa03cb87e19e212f91009a4d29473c64c6e36e1e3a'],
    ['22q_case-controls_SubVol_AB.csv', 1111, 'f161069cb81803eae4767a04cbf8eef1f1730c4518f900b8780e578707c34242'],
    ['22q_case-controls_SubVol_AD.csv', 1128, 'fb19690e0ee689f3914a5ee3228ffdf4aeed44b2ff0e68025f51b5cfca2f5aca'],
    [
      'adhdadolescent_case-controls_CortSurf.csv',
      5027,
      '2a9c88b488bc6270ea5a8e8c4167149456f43d272fbef172ae16ad7caed2f385',
    ],
    [
      'adhdadolescent_case-controls_CortThick.csv',
      4971,
      '4ac3e952df67356be9cf4705e27ee824d426942d062293dce6e78ad74d2b8bba',
    ],
    [
      'adhdadolescent_case-controls_SubVol.csv',
      1112,
      '534397b382da9947394bb41d3c3a4085d92c46477e7645c1772aca6f111c40d4',
    ],
    ['adhdadult_case-controls_CortSurf.csv', 4685, '9ca5d1e528590ecebc4cb49a6f4ac44232f5be622d64cff85e8abfcc5e9ea2a6'],
    ['adhdadult_case-controls_CortThick.csv', 4677, '635eb197fb4c9e6ee98bd4491110ca61203ea84b21e62c43dbcf585e1aeaa040'],
    ['adhdadult_case-controls_SubVol.csv', 1030, '0aed57741cf159a81311dda93f315ed78ec49e2dcb9e60d3eed063ef8329c13c'],
    [
      'adhdallages_case-controls_CortSurf.csv',
      5229,
      '9980a83de824f287e0f56c9c41a907c43b90db1af44d24bb227aad63fd5f3cf2',
    ],
    [
      'adhdallages_case-controls_CortThick.csv',
      4961,
      '3a29e169af8a97a5e295786cc025faff7f35edb99178f282095ebe412e931a9e',
    ],
    ['adhdallages_case-controls_SubVol.csv', 1100, 'ee893ed1020f995b0e7f167f3dfaca826b941394f802417000c6f617072eb847'],
    [
      'adhdpediatric_case-controls_CortSurf.csv',
      5191,
      'ceed5c8bac27cc38a17f487fff82926bfdab7fa43a21c1991c5fd1a2812878f1',
    ],
    [
      'adhdpediatric_case-controls_CortThick.csv',
      5129,
      '180a3c3bd583d92e34aa6a53f7ee118f043df8e01d68df0560b024f5b430b36e',
    ],
    [
      'adhdpediatric_case-controls_SubVol.csv',
      1106,
      '0bd19daf03c8688d6ef0935f785d2a655fa6b536a952d5ccd61cc83079cf49b0',
    ],
    ['allepi_case-controls_CortThick.csv', 6112, '8d4ed1966de2267e609181247c25d3256d142c1b878c2cb82d96213b97e18e2d'],
    ['allepi_case-controls_SubVol.csv', 1296, 'e63e3fa25e058998274b1fbdcdbd4d8a0bf1296677c643a718f9571c572d315c'],
    [
      'allotherepi_case-controls_CortThick.csv',
      5337,
      '4fdd1490a4547f1b844fc537c80923ade8a265f77bd5cb49306024e48c04fc23',
    ],
    ['allotherepi_case-controls_SubVol.csv', 1357, '33751bdfce4c4a526985f0716d5441c032171d3540270d6e0b5c955afbaf2668'],
    [
      'asd_mega-analysis_case-controls_CortThick.csv',
      5193,
      'af4e609ec7e2e5422defbaa0c7f94ce72d9b3f3494ed095e455ba302b7a4ff03',
    ],
    [
      'asd_meta-analysis_case-controls_CortThick.csv',
      5005,
      'ee076971be6688bc99106fce4a7198a3bd927d183adb245f9810d6f71efe4f29',
    ],
    [
      'asd_meta-analysis_case-controls_SubVol.csv',
      1092,
      'b2b0b02c260ec87c6ab22f40e6162ab8a475dab373390be1edd465910ca62066',
    ],
    ['gge_case-controls_CortThick.csv', 7595, 'd0faaaa85242cae18841c4969f6dc7ed4df1ed7c6141dd0eaa1c214eefe96d33'],
    ['gge_case-controls_SubVol.csv', 1235, 'ee7123fb90367d4dfa0018fb9042150d6d8bf2c95e4e0c416e751850e3d11b35'],
    ['mdd_case-controls_SubVol.csv', 1105, 'e5d606b9ee6ef7d43977af21a17979d8e13befa6512871ed17a2ef7fc3c1f11b'],
    [
      'mddadolescent_case-controls_CortSurf.csv',
      5988,
      '35d1d3e6eecb4da0cf1b5d3b6cccac081d9584c7c5770bb2d8499e243592de2f',
    ],
    [
      'mddadolescent_case-controls_CortSurf_firstepisode.csv',
      6038,
      '3c9a1925d42721864141394cff1f05b03f843d16238c2d5a8ff27ed08bed98aa',
    ],
    [
      'mddadolescent_case-controls_CortSurf_recurrent.csv',
      5918,
      'e71fae3e40296b1ab0f93d35041f229683b9b2ca1981ef30335f82dee120424e',
    ],
    [
      'mddadolescent_case-controls_CortThick.csv',
      5220,
      '92b8ac6bca32b0aefc502694107952f197358a8c18e2e50431cb5ea9cdb2d6f4',
    ],
    [
      'mddadolescent_case-controls_CortThick_firstepisode.csv',
      6048,
      'a260de062925f62ae4102eeca9bf65ea80d99aa8e9290ade9aa4dad547084054',
    ],
    [
      'mddadolescent_case-controls_CortThick_recurrent.csv',
      5891,
      '0dc1c831d5b48441d27285608644990cd76843456ebc72b45eca66d455c69e33',
    ],
    ['mddadult_case-controls_CortSurf.csv', 4900, '416759ed355cb31d8374e38a3fa0a4ab0ebc48934bbd0bdbe80fab68aa84ff9f'],
    [
      'mddadult_case-controls_CortSurf_early.csv',
      5331,
      '6e4cc27dace792fbe10b2b5097f79b5613618eeff2620b16f7010aa73b87ef71',
    ],
    [
      'mddadult_case-controls_CortSurf_firstepisode.csv',
      5820,
      'de25a12bf3d61709fccf29746519db29dac98d4b155cbef327956f8694a4e77b',
    ],
    [
      'mddadult_case-controls_CortSurf_late.csv',
      5338,
      '5bf469da45f699baf5658e52daa63b2945cae7cb8e256dcb8ab56eae6cc0d67b',
    ],
    [
      'mddadult_case-controls_CortSurf_recurrent.csv',
      5669,
      '0d0b160faf3543dc9fc84418406d0ff5d7ccfd20cd2cf266618e49f68d5058cc',
    ],
    ['mddadult_case-controls_CortThick.csv', 5772, '60c03a115de22a2d9db724a0d75634814dd5fdc21bea8be3c3cead126ea678d3'],
    [
      'mddadult_case-controls_CortThick_early.csv',
      5362,
      'a13d3741e584a23840fb4394c44eac5ac6cbd61308fac04261820d59f8e4233e',
    ],
    [
      'mddadult_case-controls_CortThick_firstepisode.csv',
      5848,
      'f46e177f3a1e227cb3589d05e3a36723bb19d471f1cbf5e3e989d0e0d700ed7b',
    ],
    [
      'mddadult_case-controls_CortThick_late.csv',
      5387,
      '1b7c4c33b2f908c7bc4e3491dad6d7527e82987e406fd8920976da1b9808b779',
    ],
    [
      'mddadult_case-controls_CortThick_recurrent.csv',
      5716,
      'bd1d66f7fa9a15e9ee5fddedc417ee093aee5a708aa6db668f8556315a194a32',
    ],
    ['mddearly_case-controls_SubVol.csv', 1171, '321c736894db29a9193db272592530fbbd304e3ad01d8c8852d62699149a7de9'],
    [
      'mddfirstepisode_case-controls_SubVol.csv',
      1281,
      'a6f727c0fdd50f3e65b9cf2978d76ac8735a6d88148aac148544b0eb6526c000',
    ],
    ['mddlate_case-controls_SubVol.csv', 1147, '5e1d6e08497add92ec2b6afafd31198e784fc5be5c8a0e0d2a2811fc3e03ab4a'],
    ['mddrecurrent_case-controls_SubVol.csv', 1279, '44d10b21eadf3526885c546db9709e0f09f85701e1830126103d7f1a5673007e'],
    ['ocdadult_case-controls_SubVol.csv', 1273, '8d9a54916bc7050a9a0c4baa2c97a043b7e408f0c49d1a59c86eee7973c034c4'],
    [
      'ocdadult_case-controls_SubVol_anxiety.csv',
      1265,
      '3555ac0b59087bbacb799fce973b07627648f55d5b26c7ea3d0556ba3d59a7c5',
    ],
    [
      'ocdadult_case-controls_SubVol_depression.csv',
      1337,
      '3c20799bfd6c2c61d54d4d6ca6839daa211f365ea47dc47e115d3495133fe682',
    ],
    [
      'ocdadult_case-controls_SubVol_early.csv',
      1255,
      'e434d20e20ba227fcb8d3d99e0226a16a486418c9ff3a9a8fc38838345306735',
    ],
    [
      'ocdadult_case-controls_SubVol_late.csv',
      1245,
      '19673b0e2989e4e3af72ccb089542561feee7adecf7778a4a3158a8f793a98a6',
    ],
    [
      'ocdadult_case-controls_SubVol_noanxiety.csv',
      1333,
      '618e9e1adc4c815ec55142eef5a2f2555ab14354e2efd6093576e2c47bee3e13',
    ],
    [
      'ocdadult_case-controls_SubVol_nodepression.csv',
      1389,
      '0caad702e6d5efc1513912241d7bb00a349de555f6ae0d7488b9276ed9dc3d37',
    ],
    [
      'ocdadult_medicatedcase-controls_SubVol.csv',
      1309,
      '9a54b226b5eaf04eaf177727281ec508cca0f63cbafcc12150b0233becddda55',
    ],
    [
      'ocdadult_unmedicatedcase-controls_SubVol.csv',
      1333,
      'fb16072decda17c8d7b17c992566e1938df0ba9c38223bbed2fdc5f3263e0b44',
    ],
    ['ocdadults_case-controls_CortSurf.csv', 5117, '0efcdacb3658d9f775b9bbb294c2c9aad528ad79b81a0c689441c6276f4e7221'],
    ['ocdadults_case-controls_CortThick.csv', 6008, 'e8c57be6d426034ebfa1a1e7ac7e108acf4c3d3ccdbcbae79952ddd2a8d06aa3'],
    [
      'ocdadults_medicatedcase-controls_CortSurf.csv',
      6696,
      '7a054c1ddecf6c52eb28dc9b031bc4967b2633066b4ae500af157e894d5a265f',
    ],
    [
      'ocdadults_medicatedcase-controls_CortThick.csv',
      5802,
      '59d33ed432dd48532182321f16e2d8eac18632f7423f063df4101441926a074c',
    ],
    [
      'ocdpediatric_case-controls_CortSurf.csv',
      5867,
      '4213b160ece0efa4ee14f1f88ea7d9e1926b12576b8214b2f47d781af620369b',
    ],
    [
      'ocdpediatric_case-controls_CortThick.csv',
      6132,
      'f5ad63fc92324a00b19a9cc5f162d17fb470e31c7fec394dbac76b9d9deb97df',
    ],
    ['ocdpediatric_case-controls_SubVol.csv', 1203, '3c992ce44fed8ce771e363ee9bc50d0b66752968e3b0a2b98c8a0200945da837'],
    [
      'ocdpediatric_medicatedcase-controls_CortSurf.csv',
      6804,
      '14d2ff23c711cbd95fb24eb67f815fc152cef4e3aae07b1cb59ccdbf70916e10',
    ],
    [
      'ocdpediatric_medicatedcase-controls_CortThick.csv',
      7100,
      '1c84cd8eff9332beb8599885a2712fafeabffe31c27f26533416628de7e7a582',
    ],
    [
      'ocdpediatric_medicatedcase-controls_SubVol.csv',
      1361,
      '331290d0299c8d3defe03df05e93e4fdf3c751d05f55343a234236a59ddbd3e0',
    ],
    [
      'ocdpediatric_unmedicatedcase-controls_SubVol.csv',
      1387,
      '9ea46688f02e473447ecfbed384472527a4deb3d828a4d79437d07335568c2a6',
    ],
    ['tlemtsl_case-controls_CortThick.csv', 5833, '8608e679d0a4be226d7695af28257073273c75e5ce66371cd17ee48dd58877d9'],
    ['tlemtsl_case-controls_SubVol.csv', 1296, 'fae81fccc7ada7265279478c414a9d783cd9bb67e6783a14819484e6fd04c5c7'],
    ['tlemtsr_case-controls_CortThick.csv', 7972, 'b888702ca9338ac38dad3d7466f9b7a29ccdeb3ce9f1a78fcb8d70d614a7eca0'],
    ['tlemtsr_case-controls_SubVol.csv', 1290, 'a8b15b90c05d910913618196c6e5e45848986b4efffdf671cb47bdeda936eb09'],
  ] satisfies [string, number, string][]
).map((one) => file('summary_statistics/', one));
