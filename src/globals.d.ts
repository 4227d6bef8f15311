/* eslint-disable @typescript-eslint/no-empty-object-type -- merged with the real ones where the types of a page or of Node are there */
interface AbortSignal {}

declare namespace WebAssembly {
  interface Memory {}
  interface Module {}
}
