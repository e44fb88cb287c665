// Reads one message file, strictly: a line that is not understood is an error that names file, line
// and code, so that no text is lost between the file and the registry.
//
// Form of a file: a title line `# Area`, then for each code, with blank lines between the parts,
//   ## CODE
//   <severity> (middle dot) <subsystem> (middle dot) <summary>
//   > template with {parameters}
//   **Why.** ...      one paragraph
//   **Fix.** ...      one paragraph
//   **Example.** ...  one or more paragraphs, or a fenced block

const SEVERITIES = ['fatal', 'error', 'warning', 'info'];
const CODE = /^[A-Z]+[0-9]{3}$/;
const META = /^(\S+) \u00b7 ([\w -]+) \u00b7 (\S.*)$/;
const PARAMETER = /^[a-z][a-z0-9_]*$/;

/** The lines of `text` from the title on, cut at each `## ` outside a fenced block. */
function sectionsOf(file, text) {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line, number: index + 1 }));
  const title = /^# (\S.*)$/.exec(lines[0].line)?.[1];
  if (!title) throw new Error(`${file}:1: the first line is not a title "# Area"`);
  const sections = [];
  let fenced = false;
  for (const { line, number } of lines.slice(1)) {
    if (line.startsWith('```')) fenced = !fenced;
    if (!fenced && line.startsWith('## ')) {
      sections.push({ code: line.slice(3).trim(), number, lines: [] });
    } else if (sections.length > 0) {
      sections.at(-1).lines.push({ line, number });
    } else if (line.trim() !== '') {
      throw new Error(`${file}:${number}: text before the first code`);
    }
  }
  if (fenced) throw new Error(`${file}:${lines.length}: a fenced block is not closed`);
  return { title, sections };
}

/** Groups of lines with blank lines between them. */
function paragraphsOf(lines) {
  const paragraphs = [];
  let open = false;
  for (const { line, number } of lines) {
    if (line.trim() === '') {
      open = false;
    } else if (open) {
      paragraphs.at(-1).lines.push(line);
    } else {
      paragraphs.push({ number, lines: [line] });
      open = true;
    }
  }
  return paragraphs;
}

function parametersOf(template, fail) {
  const rest = template.replace(/\{([^{}]*)\}/g, (_, name) => {
    if (!PARAMETER.test(name)) throw fail(`{${name}} is no parameter name; use {lower_case}`);
    return '';
  });
  if (/[{}]/.test(rest)) throw fail('a brace in the template has no partner');
  return [...new Set([...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))];
}

function parseSection(file, title, section) {
  const { code } = section;
  const failAt = (number) => (what) => new Error(`${file}:${number}: ${code}: ${what}`);
  if (!CODE.test(code)) throw failAt(section.number)('a code is capital letters and three digits');
  const paragraphs = paragraphsOf(section.lines);
  let last = section.number;
  const next = (what, fits) => {
    const paragraph = paragraphs.shift();
    const found = paragraph && fits(paragraph.lines);
    if (!found) throw failAt(paragraph?.number ?? last)(`expected ${what}`);
    last = paragraph.number;
    return found;
  };
  const prose = (name) =>
    next(`a paragraph "**${name}.** ..."`, (lines) => {
      const text = lines.map((line) => line.trim()).join(' ');
      return new RegExp(`^\\*\\*${name}\\.\\*\\* (\\S.*)$`).exec(text)?.[1];
    });

  const meta = next(
    'a line "severity \u00b7 subsystem \u00b7 summary"',
    (lines) => lines.length === 1 && META.exec(lines[0]),
  );
  if (!SEVERITIES.includes(meta[1])) {
    throw failAt(last)(`unknown severity ${meta[1]}; known are ${SEVERITIES.join(', ')}`);
  }
  const template = next(
    'a template "> ..."',
    (lines) =>
      lines.every((line) => /^> \S/.test(line)) &&
      lines.map((line) => line.slice(2).trim()).join(' '),
  );
  const params = parametersOf(template, failAt(last));
  const why = prose('Why');
  const fix = prose('Fix');
  const example = [prose('Example')];
  while (paragraphs.length > 0) {
    const { lines, number } = paragraphs.shift();
    if (/^(\*\*\w+\.\*\*|> |#)/.test(lines[0])) throw failAt(number)(`unknown part: ${lines[0]}`);
    example.push(lines.join('\n'));
  }
  return {
    code,
    area: file.replace(/\.md$/, ''),
    title,
    severity: meta[1],
    subsystem: meta[2].trim(),
    summary: meta[3].trim(),
    template,
    why,
    fix,
    example: example.join('\n\n'),
    params,
    place: `${file}:${section.number}`,
  };
}

/** The entries of one message file; throws an Error that names file, line and code on any fault. */
export function parseMessages(file, text) {
  const { title, sections } = sectionsOf(file, text);
  return sections.map((section) => parseSection(file, title, section));
}
