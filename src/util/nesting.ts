/** Where a JSON text first has more than `depth` brackets open, those in strings apart; undefined where it never has. To be asked before what recurses reads it. */
export function placeBelow(text: string, depth: number): number | undefined {
  let open = 0;
  let inString = false;
  for (let k = 0; k < text.length; k++) {
    const character = text[k];
    if (inString) {
      if (character === '\\') k++;
      else if (character === '"' || character === '\n') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') open++;
    else if (character === ']' || character === '}') open--;
    if (open > depth) return k;
  }
  return undefined;
}
