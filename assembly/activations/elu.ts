// y = x where x > 0, else a (e^x - 1); dy/dx = 1 or y + a. The kernels are those of selu.ts, whose scale is 1 here.

import { scaled, scaledBackward } from "./selu";

export function elu(alpha: f32, z: usize, y: usize, count: usize): void { scaled(1, alpha, z, y, count); }

export function eluBackward(alpha: f32, z: usize, y: usize, d: usize, count: usize): void { scaledBackward(1, alpha, y, d, count); }
