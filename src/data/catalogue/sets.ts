import { MNIST_FILES } from '../mnist/mnistFiles.ts';

/** A file that a set is published in. */
export interface PublishedFile {
  readonly file: string;
  /** Of the file as it is published, where it is known. */
  readonly bytes?: number;
  readonly sum: {
    readonly algorithm: 'sha256' | 'md5';
    readonly value: string;
    /** Of the bytes that the gzip file unpacks to, or of the file itself. */
    readonly of: 'unpacked' | 'file';
    readonly bytes?: number;
  };
}

/** A file within an archive. */
export interface PublishedEntry extends PublishedFile {
  /** Its whole name there. */
  readonly entry: string;
}

/** A set of images that others publish, by the name under which `dactyl data fetch` brings it. */
export interface PublishedSet {
  readonly title: string;
  /** Folders that have the files, the first one first. */
  readonly hosts: readonly string[];
  /** The folder that it shares with other names. */
  readonly folder: string;
  readonly files: readonly PublishedFile[];
  /** Of a zip archive of many sets: the files of this one in it, which others have taken out. Their sums are those that others state of them. */
  readonly entries?: readonly PublishedEntry[];
  /** Rows and columns are exchanged in the files. */
  readonly transposed?: true;
  /** Only test images from this one on. */
  readonly testFrom?: number;
  /** What the images show, where it is written with strokes. */
  readonly shows?: 'digits' | 'characters';
  /** By label, where the files have numbers alone, whatever number is the first. */
  readonly classes?: readonly string[];
  readonly licence: string;
  readonly citation: string;
  readonly note?: string;
}

const IDX = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
] as const;
const UNPACKED = [47_040_016, 60_008, 7_840_016, 10_008] as const;

/** Four files by the sums of what they unpack to, in the order of `IDX`. */
function unpacked(sums: readonly string[]): PublishedFile[] {
  return IDX.map((file, k) => ({
    file,
    sum: { algorithm: 'sha256', value: sums[k], of: 'unpacked', bytes: UNPACKED[k] },
  }));
}

function published(
  files: readonly (readonly [file: string, bytes: number, sha256: string])[],
): PublishedFile[] {
  return files.map(([file, bytes, value]) => ({
    file,
    bytes,
    sum: { algorithm: 'sha256', value, of: 'file' },
  }));
}

function md5(files: readonly (readonly [file: string, md5: string])[]): PublishedFile[] {
  return files.map(([file, value]) => ({ file, sum: { algorithm: 'md5', value, of: 'file' } }));
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const DIGITS = [...'0123456789'];

function emnist(
  split: 'digits' | 'letters' | 'balanced',
  classes: readonly string[],
  sums: readonly string[],
): PublishedSet {
  return {
    title: `EMNIST, ${split}`,
    hosts: ['https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/'],
    folder: 'emnist',
    files: published([
      ['gzip.zip', 561_753_746, 'fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e'],
    ]),
    entries: ['train-images-idx3', 'train-labels-idx1', 'test-images-idx3', 'test-labels-idx1'].map(
      (name, k) => {
        const file = `emnist-${split}-${name}-ubyte.gz`;
        return { file, entry: `gzip/${file}`, sum: { algorithm: 'sha256', value: sums[k], of: 'file' } };
      },
    ),
    transposed: true,
    shows: split === 'digits' ? 'digits' : 'characters',
    classes,
    licence: 'none stated that was found; ask NIST',
    citation:
      'G. Cohen, S. Afshar, J. Tapson, A. van Schaik: EMNIST: an extension of MNIST to handwritten letters. arXiv 1702.05373, 2017.',
    note: 'One archive of 562 megabytes for all of EMNIST. Its images lie on their side; they are turned back when they are read.',
  };
}

const QMNIST = {
  hosts: ['https://raw.githubusercontent.com/facebookresearch/qmnist/master/'],
  folder: 'qmnist',
  shows: 'digits',
  files: md5([
    ['qmnist-train-images-idx3-ubyte.gz', 'ed72d4157d28c017586c42bc6afe6370'],
    ['qmnist-train-labels-idx2-int.gz', '0058f8dd561b90ffdd0f734c6a30e5e4'],
    ['qmnist-test-images-idx3-ubyte.gz', '1394631089c404de565df7b7aeaf9412'],
    ['qmnist-test-labels-idx2-int.gz', '5b5b05890a5e13444e108efe57b788aa'],
  ]),
  licence: 'BSD, with MNIST’s own for the images',
  citation: 'C. Yadav, L. Bottou: Cold case: the lost MNIST digits. NeurIPS 2019, arXiv 1905.10498.',
} satisfies Partial<PublishedSet>;

/** The sets that can be fetched by name. */
export const PUBLISHED = {
  mnist: {
    title: 'MNIST',
    hosts: [
      'https://storage.googleapis.com/cvdf-datasets/mnist/',
      'https://ossci-datasets.s3.amazonaws.com/mnist/',
    ],
    folder: 'mnist',
    files: unpacked(Object.values(MNIST_FILES).map(({ sha256 }) => sha256)),
    licence: 'CC BY-SA 3.0',
    citation:
      'Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-based learning applied to document recognition. Proceedings of the IEEE 86(11), 1998.',
    note: 'It comes with this programme already; --data mnist needs no download.',
  },
  'fashion-mnist': {
    title: 'Fashion-MNIST',
    hosts: [
      'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
      'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
    ],
    folder: 'fashion-mnist',
    files: unpacked([
      'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    ]),
    classes: [
      'T-shirt or top',
      'trouser',
      'pullover',
      'dress',
      'coat',
      'sandal',
      'shirt',
      'sneaker',
      'bag',
      'ankle boot',
    ],
    licence: 'MIT',
    citation:
      'H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms. arXiv 1708.07747, 2017.',
  },
  kmnist: {
    title: 'Kuzushiji-MNIST',
    hosts: ['http://codh.rois.ac.jp/kmnist/dataset/kmnist/'],
    folder: 'kmnist',
    shows: 'characters',
    files: published([
      [IDX[0], 18_165_135, '51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4'],
      [IDX[1], 29_497, 'e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17'],
      [IDX[2], 3_041_136, 'edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5'],
      [IDX[3], 5_120, '20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c'],
    ]),
    classes: ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'],
    licence: 'CC BY-SA 4.0',
    citation:
      'T. Clanuwat, M. Bober-Irizar, A. Kitamoto, A. Lamb, K. Yamamoto, D. Ha: Deep learning for classical Japanese literature. arXiv 1812.01718, 2018.',
    note: 'Copies from before 5 February 2019 are wrong; the sums tell them apart.',
  },
  'emnist-digits': emnist('digits', DIGITS, [
    'f7c95004d14d81af89522e67d8f0c781dfb3bd544181c81bfe1eb6b41c35b726',
    '6638a6ff5fe2eefd9cca2471995b46c82986b8e4b2a70d2f5ce8e05d7edb319e',
    '20ebe43509264f7639d37c835a3f0b009e90b29e00a099a03101abe1644a3f63',
    'bad1834c45d5988e270b99d43b13edc3fd898f658ffbc2caf2846ef27f7b05b0',
  ]),
  'emnist-letters': emnist('letters', LETTERS, [
    '6288f418a917e007bf5fddb823a2dc7a5c6a35031401b93292a539cb12bd881f',
    '9759af91ea6bccdf07a6040fd085861f2ec88e37f7c3f5760f6feb57106fbe5c',
    '50f0e93d75b99b463e9760b8345866f22587fa2c2fba472730a5ba09c693412d',
    '924955c31fe7fd809b7303b5c0141282955f4b8390c74cdfd5d80435e0f4b4cb',
  ]),
  'emnist-balanced': emnist(
    'balanced',
    [...DIGITS, ...LETTERS, ...'abdefghnqrt'],
    [
      '74295e75e4e9fa2c102147460ee7eb763653d5132d883a84fb88932bfb8d2db4',
      'b46d41e5156a0a8aaaa4d18979fdd1588850fa8571018acffd5d93b325a7d6ed',
      '117fc12b015e37ea98bfb2cbba3f77c3782c056cdbd219b87abfc8661d7135db',
      'a67cac948379b67270b9a4d0a01c8ec661598accf2f2b1964340b7c83cb175cd',
    ],
  ),
  qmnist: {
    ...QMNIST,
    title: 'QMNIST',
    note: 'Its first 10,000 test images are MNIST’s, built again; the training images are MNIST’s likewise.',
  },
  'qmnist-test50k': {
    ...QMNIST,
    title: 'QMNIST, with the 50,000 test images that MNIST never published',
    testFrom: 10_000,
    note: 'Test images that nobody has tuned on: beside a model that was tuned on MNIST’s test images they are the honest test set.',
  },
  usps: {
    title: 'USPS',
    hosts: ['https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass/'],
    folder: 'usps',
    shows: 'digits',
    classes: DIGITS,
    files: md5([
      ['usps.bz2', 'ec16c51db3855ca6c91edd34d0e9b197'],
      ['usps.t.bz2', '8ea070ee2aca1ac39742fdd1ef5ed118'],
    ]),
    licence: 'none stated that was found',
    citation:
      'J. J. Hull: A database for handwritten text recognition research. IEEE Transactions on Pattern Analysis and Machine Intelligence 16(5), 1994.',
  },
} as const satisfies Record<string, PublishedSet>;

export type PublishedName = keyof typeof PUBLISHED;

/** More than any file of a set has. */
export const MOST_PUBLISHED_BYTES = 600 * 2 ** 20;
