import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { QuarantineRow } from '../../persist/schema.ts';
import type { DoctorReport, ReportedFailure } from '../../shared/doctor-report.ts';
import { explainReport, type Finding } from '../../shared/explain-report.ts';
import { systemRandom } from '../../shared/random.ts';
import { download } from '../dialogs/download.ts';
import { BackChosenEvent } from '../shell/back-event.ts';
import { clockTime, listTime } from '../state/format.ts';
import { base } from '../theme/base.ts';
import { alertIcon, backIcon, checkIcon, infoIcon } from '../theme/icons.ts';
import { paneHeader } from '../theme/pane-header.ts';
import type { DoctorApi, DoctorFacts } from './doctor-api.ts';
import { doctorText } from './doctor-text.ts';
import { reportOf } from './report-of.ts';
import { doctorStyles } from './weir-doctor.styles.ts';

const SALT_BYTES = 16;
/** While the page is seen, it is looked again this often. */
const AGAIN_MS = 5_000;

/** Everything that Weir knows of how saving stands, what can be done about it, and a report to pass on. */
@customElement('weir-doctor')
export class WeirDoctor extends LitElement {
  /** Comes when its code is here; until then the page says that it looks. */
  @property({ attribute: false }) open: (() => Promise<DoctorApi>) | undefined;

  @state() private facts: DoctorFacts | undefined;
  @state() private told: string | undefined;
  @state() private names = false;
  /** What is exported is what was shown when it was asked for. */
  @state() private preview: DoctorFacts | undefined;

  readonly #salt = systemRandom.bytes(SALT_BYTES);
  #doctor: DoctorApi | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  static override readonly styles = [base, paneHeader, doctorStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => {
      if (document.visibilityState === 'visible') void this.#look();
    }, AGAIN_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('open')) void this.#look();
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  async #look(): Promise<void> {
    this.#doctor ??= await this.open?.().catch(() => undefined);
    this.facts = (await this.#doctor?.look()) ?? this.facts;
  }

  override render(): TemplateResult {
    const { facts } = this;
    return html`
      <header>
        <button
          class="icon-button"
          type="button"
          aria-label=${doctorText.back}
          @click=${this.#back}
        >
          ${backIcon()}
        </button>
        <h2 tabindex="-1">${doctorText.title}</h2>
      </header>
      <div class="scroll">
        <div class="page">
          <p class="quiet">${doctorText.lead}</p>
          ${facts ? this.#all(facts) : html`<p role="status">${doctorText.looking}</p>`}
        </div>
      </div>
    `;
  }

  #all(facts: DoctorFacts): TemplateResult {
    const report = reportOf(facts, { names: true, salt: this.#salt });
    const values = facts.database.type === 'open' ? facts.database.rows.quarantine : [];
    return html`
      ${this.#findings(report)} ${markers(report)} ${lanes(report)} ${migration(report)}
      ${this.#quarantine(report, values)} ${tables(report)} ${place(report)} ${this.#export()}
    `;
  }

  #findings(report: DoctorReport): TemplateResult {
    return html`<section>
      <h3>${doctorText.findings}</h3>
      <ul>
        ${explainReport(report, time).map(finding)}
      </ul>
      <div class="actions">
        <button class="button" type="button" @click=${this.#retry}>${doctorText.retry}</button>
        <button class="button" type="button" @click=${() => void this.#look()}>
          ${doctorText.again}
        </button>
        ${
          report.storage.isPersisted === false
            ? html`<button class="button" type="button" @click=${() => void this.#keep()}>
                ${doctorText.keep}
              </button>`
            : nothing
        }
      </div>
      <p class="quiet" role="status">${this.told ?? nothing}</p>
    </section>`;
  }

  #quarantine(
    report: DoctorReport,
    values: readonly QuarantineRow[],
  ): TemplateResult | typeof nothing {
    if (report.quarantine.length === 0) return nothing;
    return html`<section>
      <h3>${doctorText.quarantine}</h3>
      <p class="quiet">${doctorText.quarantineHint}</p>
      <ul>
        ${report.quarantine.map(
          (row, i) =>
            html`<li class="row">
              <p><strong>${row.key}</strong> · ${row.source} · ${doctorText.bytes(row.bytes)}</p>
              <p>${row.reason}</p>
              <p class="quiet">
                ${time(row.at)}${row.isResolved ? ` · ${doctorText.resolved}` : ''}
              </p>
              <button class="button" type="button" @click=${() => saveValue(values[i])}>
                ${doctorText.saveValue}
              </button>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #export(): TemplateResult {
    const { preview } = this;
    return html`<section>
      <h3>${doctorText.export}</h3>
      <p class="quiet">${doctorText.exportHint}</p>
      <label>
        <input
          type="checkbox"
          .checked=${this.names}
          @change=${(event: Event) => (this.names = (event.target as HTMLInputElement).checked)}
        />
        ${doctorText.names}
      </label>
      ${
        preview === undefined
          ? html`<div class="actions">
              <button class="button" type="button" @click=${() => (this.preview = this.facts)}>
                ${doctorText.preview}
              </button>
            </div>`
          : html`<pre tabindex="0" role="group" aria-label=${doctorText.preview}>
${this.#file(preview)}</pre>
              <div class="actions">
                <button class="button strong" type="button" @click=${() => this.#save(preview)}>
                  ${doctorText.save}
                </button>
              </div>`
      }
    </section>`;
  }

  #file(facts: DoctorFacts): string {
    return `${JSON.stringify(reportOf(facts, { names: this.names, salt: this.#salt }), null, 2)}\n`;
  }

  #save(facts: DoctorFacts): void {
    const content = new Blob([this.#file(facts)], { type: 'application/json' });
    download(content, 'weir-report.json');
  }

  readonly #back = (): void => {
    this.dispatchEvent(new BackChosenEvent());
  };

  readonly #retry = (): void => {
    this.#doctor?.retry();
    this.told = doctorText.retried;
  };

  async #keep(): Promise<void> {
    const kept = await this.#doctor?.keep();
    this.told = kept ? doctorText.kept : doctorText.notKept;
    await this.#look();
  }
}

/** As short as it can be and still be understood. */
function time(iso: string): string {
  const at = Date.parse(iso);
  const [day, clock] = [listTime(at, Date.now()), clockTime(at)];
  return day === clock ? clock : `${day}, ${clock}`;
}

const ICONS = { trouble: alertIcon, note: infoIcon, fine: checkIcon } as const;

const finding = ({ level, sentence }: Finding): TemplateResult =>
  html`<li class="finding ${level}">${ICONS[level](18)}<span>${sentence}</span></li>`;

function markers({ markers: rows }: DoctorReport): TemplateResult {
  return html`<section>
    <h3>${doctorText.markers}</h3>
    ${rows.length === 0 ? html`<p>${doctorText.noMarkers}</p>` : nothing}
    <ul>
      ${rows.map(
        (row) =>
          html`<li class="row">
            <p><strong>${row.name ?? row.key}</strong> · ${row.path}</p>
            <p class="quiet">
              ${time(row.since)}${row.level === 'news' ? ` · ${doctorText.news}` : ''}
            </p>
            ${row.failure ? failure(row.failure) : nothing}
          </li>`,
      )}
    </ul>
  </section>`;
}

function lanes({ lanes: rows }: DoctorReport): TemplateResult | typeof nothing {
  if (rows.length === 0) return nothing;
  return html`<section>
    <h3>${doctorText.lanes}</h3>
    <ul>
      ${rows.map(
        (row) =>
          html`<li class="row">
            <p><strong>${row.path}</strong> · ${doctorText.lane(row.epoch, row.iterations)}</p>
            ${row.failure ? failure(row.failure) : nothing}
          </li>`,
      )}
    </ul>
  </section>`;
}

const failure = ({ sentence, since, nextTryAt }: ReportedFailure): TemplateResult =>
  html`<p>${doctorText.lastError}: ${sentence}</p>
    <p class="quiet">
      ${time(since)} ·
      ${nextTryAt === undefined ? doctorText.waitsForYou : `${doctorText.nextTry}: ${time(nextTryAt)}`}
    </p>`;

function migration({ migration: rows }: DoctorReport): TemplateResult | typeof nothing {
  if (rows.length === 0) return nothing;
  return html`<details>
    <summary>${doctorText.migration}</summary>
    <ul>
      ${rows.map(
        (row) =>
          html`<li class="row">
            <p><strong>${row.version}</strong> · ${row.verdict}</p>
            ${row.reason === undefined ? nothing : html`<p>${row.reason}</p>`}
            ${
              row.nextTryAt === undefined
                ? nothing
                : html`<p class="quiet">${doctorText.nextTry}: ${time(row.nextTryAt)}</p>`
            }
          </li>`,
      )}
    </ul>
  </details>`;
}

function tables({ receipts, bases }: DoctorReport): TemplateResult {
  const words = doctorText.table;
  return html`
    ${table(
      doctorText.receipts,
      [words.room, words.path, words.outcome, words.upTo, words.at],
      receipts.map((row) => [
        row.name ?? row.key,
        row.path,
        row.error === undefined ? row.outcome : `${row.outcome}: ${row.error}`,
        String(row.coverage),
        time(row.at),
      ]),
    )}
    ${table(
      doctorText.bases,
      [words.room, words.path, words.generation, words.upTo, words.at],
      bases.map((row) => [
        row.name ?? row.key,
        row.path,
        row.generation,
        String(row.coverage),
        time(row.at),
      ]),
    )}
  `;
}

function table(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): TemplateResult | typeof nothing {
  if (rows.length === 0) return nothing;
  return html`<details>
    <summary>${title}</summary>
    <div class="wide" tabindex="0" role="group" aria-label=${title}>
      <table>
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

const place = ({ app, browser }: DoctorReport): TemplateResult =>
  html`<section>
    <h3>${doctorText.place}</h3>
    <dl>
      <dt>${doctorText.app}</dt>
      <dd>${app}</dd>
      <dt>${doctorText.browser}</dt>
      <dd>${browser}</dd>
    </dl>
  </section>`;

function saveValue(row: QuarantineRow | undefined): void {
  if (!row) return;
  const content = new Blob([row.bytes.slice()], { type: 'application/octet-stream' });
  download(content, 'weir-value.bin');
}

declare global {
  interface HTMLElementTagNameMap {
    'weir-doctor': WeirDoctor;
  }
}
