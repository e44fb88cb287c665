// What a C or assembly file includes, and the file that each include means: one beside it, or a
// public header in the `include` folder of a kernel project.
import { dirname, normalize } from 'node:path/posix';

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm;
const COMMENT = /\/\*[^]*?\*\//g;

/** The includes of a source text: path, whether it is in angle brackets, and its line. */
export function includesOf(text) {
  const plain = text.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, ' '));
  return [...plain.matchAll(INCLUDE)].map((match) => ({
    path: match[1] ?? match[2],
    system: match[1] === undefined,
    line: plain.slice(0, match.index).split('\n').length,
  }));
}

/** The file that an include means, from the workspace root, or undefined. `has` says whether a file
 * is there; `projects` are the roots of all kernel projects. */
export function resolveInclude(fromFile, { path }, projects, has) {
  const candidates = [
    normalize(`${dirname(fromFile)}/${path}`),
    ...projects.map((root) => (root === 'kernels/include' ? root : `${root}/include`) + `/${path}`),
  ];
  return candidates.find(has);
}
