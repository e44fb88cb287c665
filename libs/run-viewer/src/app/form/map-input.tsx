// The fields of a map. What is nested and optional is added when it is wanted.
import { FieldInput, type FieldInputProps } from './field-input.js';
import { useProblem } from './field-frame.js';
import { emptyDraft, type Draft } from './form-draft.js';
import type { MapField, MapMember } from './form-field.js';

export function MapInput(props: FieldInputProps<MapField>) {
  const { field, draft, label, isRequired, pointer, depth, onChange, action } = props;
  const members = draft.kind === 'map' ? draft.members : {};
  const problem = useProblem(pointer);
  const change = (name: string, next: Draft | undefined) => {
    const others = Object.entries(members).filter(([key]) => key !== name);
    const all = next === undefined ? others : [...others, [name, next] as const];
    onChange({ kind: 'map', members: Object.fromEntries(all) });
  };
  const fields = field.members.map((member) => (
    <MemberInput
      key={member.name}
      member={member}
      draft={Object.hasOwn(members, member.name) ? members[member.name] : undefined}
      pointer={`${pointer}/${member.name.replaceAll('~', '~0').replaceAll('/', '~1')}`}
      depth={depth}
      onChange={(next) => change(member.name, next)}
    />
  ));
  // The payload itself needs no frame: the form is one.
  if (depth === 0) return <div class="fields">{fields}</div>;
  return (
    <fieldset class={`group depth-${Math.min(depth, 4)}`}>
      <legend>
        {label}
        {!isRequired && <span class="optional"> optional</span>}
      </legend>
      {action}
      {field.description !== '' && <p class="hint">{field.description}</p>}
      {problem !== undefined && (
        <p class="field-problem">
          {label} {problem}.
        </p>
      )}
      {fields}
    </fieldset>
  );
}

interface MemberInputProps {
  readonly member: MapMember;
  readonly draft: Draft | undefined;
  readonly pointer: string;
  readonly depth: number;
  onChange(draft: Draft | undefined): void;
}

function MemberInput({ member, draft, pointer, depth, onChange }: MemberInputProps) {
  const field = member.field();
  const label = field.title === '' ? member.name : field.title;
  if (draft === undefined) {
    return (
      <div class="field">
        <button type="button" class="button small" onClick={() => onChange(emptyDraft(field))}>
          Add {label}
        </button>
      </div>
    );
  }
  const isNested = field.kind === 'map' || field.kind === 'choice';
  const action = !member.isRequired && isNested && (
    <button
      type="button"
      class="button small"
      aria-label={`Remove ${label}`}
      onClick={() => onChange(undefined)}
    >
      Remove
    </button>
  );
  return (
    <FieldInput
      field={field}
      draft={draft}
      label={label}
      isRequired={member.isRequired}
      pointer={pointer}
      depth={depth + 1}
      action={action}
      onChange={onChange}
    />
  );
}
