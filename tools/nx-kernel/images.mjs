// Where linked images are: outside of what `build` leaves, since Nx replaces the outputs of a target as a
// whole.

/** The folder of a project's images for a machine, from the workspace root. */
export function imageFolder(project, triple) {
  return `dist/kernel-images/${project.folder}/${triple}`;
}

/** The files of one image. */
export function imageFiles(project, triple, image) {
  const base = `${imageFolder(project, triple)}/${image}`;
  return {
    debug: `${base}.debug.elf`,
    elf: `${base}.elf`,
    bin: `${base}.bin`,
    symbols: `${base}.symbols.txt`,
    disassembly: `${base}.disassembly.txt`,
  };
}
