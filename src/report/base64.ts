export { toBase64 } from '../util/base64.ts';
