// Prints the bytes of each file by Brotli and by gzip; after `keep`, these are written beside it, as .br and .gz.
// Node brings compressors of its own, so the result is the same everywhere. Usage: node compress.cjs [keep] FILE…

const { readFileSync, writeFileSync } = require("fs");
const { brotliCompressSync, gzipSync } = require("zlib");

const given = process.argv.slice(2);
const keep = given[0] === "keep";

for (const file of given.slice(keep ? 1 : 0)) {
  const content = readFileSync(file);
  const brotli = brotliCompressSync(content); // by itself at its best, 11
  const gzip = gzipSync(content, { level: 9 });
  gzip[9] = 255; // which names the system that it was made on: an unknown one
  if (keep) {
    writeFileSync(`${file}.br`, brotli);
    writeFileSync(`${file}.gz`, gzip);
  }
  console.log(brotli.length, gzip.length);
}
