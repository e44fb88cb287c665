// The reference page of the ABI.

const escapeCell = (text) => text.replaceAll('|', '\\|');

function table(head, rows) {
  const line = (cells) => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const KIND_TEXT = {
  value: ({ type, of, max, min }) =>
    [type, of && `of ${of}`, min && `at least ${min}`, max !== undefined && `at most ${max}`]
      .filter((part) => part)
      .join(', '),
  handle: ({ of, optional }) => `handle of ${of.join(' or ')}${optional ? ', or 0' : ''}`,
  handles: ({ count, max }) => `address of \`${count}\` handles, at most ${max}`,
  address: () => 'address',
  path: ({ max }) => `address of UTF-8 text that ends with a zero byte, at most ${max} bytes`,
  input: ({ length, max, text }) =>
    `address of \`${length}\` bytes${text === true ? ' of UTF-8' : ''} to read, at most ${max}`,
  output: ({ length, max }) => `address of \`${length}\` bytes to write, at most ${max}`,
  in: ({ type }) => `address of a ${type} to read`,
  out: ({ type, optional }) => `address of a ${type} to write${optional ? ', or 0' : ''}`,
  'out-list': ({ type, count }) => `address of \`${count}\` ${type} to write`,
};

function callText(call) {
  const argumentRows = call.arguments.map((argument) => [
    `\`${argument.name}\``,
    KIND_TEXT[argument.kind](argument),
  ]);
  return [
    `### ${call.number} ${call.name}`,
    call.summary,
    `Capability: ${call.capability ?? 'none'}. Waits: ${call.waits}. Since ${call.since}.`,
    argumentRows.length > 0 ? table(['argument', 'is'], argumentRows) : 'No arguments.',
    ...(call.errors.length > 0
      ? [
          table(
            ['answer', 'when'],
            call.errors.map(({ status, when }) => [status, when]),
          ),
        ]
      : []),
  ].join('\n\n');
}

const INTRODUCTION = `A program enters the kernel with the number of a call and up to six arguments of 64 bits, and gets a status
back: on x86_64 by \`syscall\` with rax, and rdi rsi rdx r10 r8 r9, answer in rax (rcx and r11 are lost); on
arm64 by \`svc #0\` with x8, and x0 to x5, answer in x0.

Before a call runs, the kernel checks in this order: that it does the call (else UNSUPPORTED), that the
capability is active in the task (else PERMISSION), and each argument in turn (else INVALID; NOENT for a
stale handle). \`err_get_last\` then tells which argument it was and why. A call that is refused has changed
nothing. Calls that this version lists and a kernel does not do answer UNSUPPORTED.`;

/** The text of docs/reference/kernel-abi.md. */
export function referencePage({ version, statuses, groups, structs, limits, calls }) {
  const values = (list) =>
    table(
      ['name', 'value', 'meaning'],
      list.map(({ name, value, summary }) => [name, String(value), summary]),
    );
  return [
    '<!-- Generated from schemas/kernel-abi.json by tools/kernel-abi; edit that. -->',
    `# Kernel ABI ${version.major}.${version.minor}.${version.patch}`,
    INTRODUCTION,
    '## Calls',
    ...calls.map(callText),
    '## Answers',
    values(statuses),
    '## Values',
    ...groups.map(({ name, summary, values: list }) =>
      [`### ${name}`, summary, values(list)].join('\n\n'),
    ),
    '## Structures',
    ...structs.map(({ name, summary, fields }) =>
      [
        `### ${name}`,
        summary,
        table(
          ['field', 'type'],
          fields.map((field) => [
            field.name,
            field.count === undefined ? field.type : `${field.count} ${field.type}`,
          ]),
        ),
      ].join('\n\n'),
    ),
    '## Limits',
    values(limits),
  ].join('\n\n');
}
