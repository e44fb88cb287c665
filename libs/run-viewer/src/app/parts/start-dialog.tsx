// Starts a run: choose the trigger, fill in its payload, and go to the run.
import { useState } from 'preact/hooks';
import type { FlowDetail, PayloadProblem, ShownJson } from '../../viewer-protocol.js';
import { ApiError, startRun } from '../api.js';
import { SchemaForm } from '../form/schema-form.js';
import { runHref } from '../route.js';
import { Dialog } from './dialog.js';
import { ProblemBox } from './problem-box.js';

export function StartDialog({ detail, onClose }: { detail: FlowDetail; onClose: () => void }) {
  const { flow, payloads } = detail;
  const [trigger, setTrigger] = useState(flow.triggers[0]?.alias ?? '');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [problems, setProblems] = useState<readonly PayloadProblem[]>([]);
  const onSubmit = async (payload: ShownJson) => {
    setBusy(true);
    setError(undefined);
    setProblems([]);
    try {
      const { run_id: id } = await startRun(flow.id, trigger, payload);
      location.hash = runHref(id);
    } catch (caught) {
      const found = caught instanceof ApiError ? caught.problems : [];
      setProblems(found);
      if (found.length === 0) setError(caught);
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Start ${flow.name}`} onClose={onClose}>
      {flow.triggers.length > 1 && (
        <div class="field">
          <label for="trigger">Trigger</label>
          <select
            id="trigger"
            value={trigger}
            onChange={(event) => setTrigger(event.currentTarget.value)}
          >
            {flow.triggers.map(({ alias, route }) => (
              <option key={alias} value={alias}>
                {route === '' ? alias : `${alias} (${route})`}
              </option>
            ))}
          </select>
        </div>
      )}
      {error !== undefined && <ProblemBox error={error} />}
      <SchemaForm
        key={trigger}
        schema={payloads[trigger] ?? null}
        isBusy={isBusy}
        serverProblems={problems}
        onSubmit={(payload) => void onSubmit(payload)}
        onCancel={onClose}
      />
    </Dialog>
  );
}
