/** Rows whose largest output and largest target share their (first) place. Rows have `stride` floats, `units` of which count. */
export function countCorrect(y: usize, t: usize, rows: usize, units: usize, stride: usize): usize {
  let correct: usize = 0;
  for (const rowBytes = stride << 2, end = y + rows * rowBytes; y < end; y += rowBytes, t += rowBytes) {
    correct += usize(placeOfLargest(y, units) == placeOfLargest(t, units));
  }
  return correct;
}

function placeOfLargest(row: usize, units: usize): usize {
  let place: usize = 0, largest = load<f32>(row);
  for (let j: usize = 1; j < units; j++) {
    const x = load<f32>(row + (j << 2));
    if (x > largest) { largest = x; place = j; }
  }
  return place;
}
