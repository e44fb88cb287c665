// Finds the fenced blocks of a Markdown text, each with the directive comment right before it:
// <!-- run -->, <!-- run: exit N -->, <!-- output -->, <!-- include: PATH --> or <!-- needs: SERVER -->.

/** All blocks: {language, text, line, directive, argument}; line is that of the fence, from 1. */
export function markdownBlocks(markdown) {
  const lines = markdown.split('\n');
  const blocks = [];
  let comment;
  for (let i = 0; i < lines.length; i += 1) {
    const directive = /^<!-- (run|output|include|needs)(?:: (.+?))? -->$/.exec(lines[i]);
    if (directive) {
      comment = { directive: directive[1], argument: directive[2] };
      continue;
    }
    const fence = /^(`{3,})(\w*)$/.exec(lines[i]);
    if (fence) {
      const end = lines.indexOf(fence[1], i + 1);
      if (end < 0) throw new Error(`line ${i + 1}: the fence is never closed`);
      const text = lines.slice(i + 1, end).join('\n');
      blocks.push({ language: fence[2], text, line: i + 1, ...comment });
      i = end;
      comment = undefined;
    } else if (lines[i].trim() !== '') {
      if (comment) throw new Error(`line ${i + 1}: ${comment.directive} is followed by no block`);
    }
  }
  return blocks;
}

/** Targets of the relative links of a text, without their anchors: {target, line}. */
export function relativeLinks(markdown) {
  const links = [];
  const outside = markdown.replace(/^(`{3,})[\s\S]*?^\1$/gm, (block) =>
    block.replace(/[^\n]/g, ' '),
  );
  outside.split('\n').forEach((text, i) => {
    for (const [, target] of text.replace(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target) || target.startsWith('#')) continue;
      links.push({ target: target.split('#')[0], line: i + 1 });
    }
  });
  return links;
}
