import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';

const require = createRequire(import.meta.url);

/** Inter comes with the package, so a picture looks the same on every machine. */
const FONTS = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];

/** Draws an SVG on white, `scale` pixels for each of its units. */
export function svgToPng(svg: string, scale = 2): Uint8Array {
  const resvg = new Resvg(svg, {
    background: '#ffffff',
    fitTo: { mode: 'zoom', value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: FONTS.map((font) => require.resolve(`@expo-google-fonts/inter/${font}`)),
      defaultFontFamily: 'Inter',
    },
  });
  return resvg.render().asPng();
}
