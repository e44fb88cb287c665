// Prints the arguments that it was given, as one JSON line; the last of them may name an exit code.
const args = process.argv.slice(2);
console.log(`arguments ${JSON.stringify(args)}`);
process.exitCode = Number(/^exit=(\d+)$/.exec(args.at(-1) ?? '')?.[1] ?? 0);
