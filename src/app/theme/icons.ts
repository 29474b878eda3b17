import { svg, html, type SVGTemplateResult, type TemplateResult } from 'lit';

/** A line drawing on a 24 unit grid in the text's colour. Always decoration: the control or a neighbour carries the words. */
function drawing(shapes: SVGTemplateResult, size: number): TemplateResult {
  return html`<svg
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${shapes}
  </svg>`;
}

export const lockIcon = (size = 14): TemplateResult =>
  drawing(
    svg`<rect x="5" y="11" width="14" height="9" rx="2.5" /><path d="M8 11V8a4 4 0 0 1 8 0v3" />`,
    size,
  );

export const keyIcon = (size = 16): TemplateResult =>
  drawing(svg`<circle cx="8" cy="15" r="4" /><path d="M11 12l8-8M16 7l3 3" />`, size);

export const backIcon = (size = 22): TemplateResult =>
  drawing(svg`<path d="M15 5l-7 7 7 7" />`, size);

export const downIcon = (size = 20): TemplateResult =>
  drawing(svg`<path d="M12 5v14M6 13l6 6 6-6" />`, size);

export const upIcon = (size = 20): TemplateResult =>
  drawing(svg`<path d="M12 19V5M6 11l6-6 6 6" />`, size);

export const searchIcon = (size = 18): TemplateResult =>
  drawing(svg`<circle cx="11" cy="11" r="6" /><path d="M20 20l-4.5-4.5" />`, size);

export const sendIcon = (size = 22): TemplateResult =>
  drawing(svg`<path d="M12 19V5M6 11l6-6 6 6" />`, size);

export const pencilIcon = (size = 18): TemplateResult =>
  drawing(svg`<path d="M4 20l1-4L16 5l3 3L8 19z" /><path d="M14 7l3 3" />`, size);

export const alertIcon = (size = 16): TemplateResult =>
  drawing(svg`<path d="M12 4l9 16H3z" /><path d="M12 10v4" /><path d="M12 17.2v.1" />`, size);

/** Water behind the wall: an edit that is only in this browser. */
export const storedIcon = (size = 14): TemplateResult =>
  drawing(
    svg`<path d="M20 4v16" /><path d="M4 8c2-2 4-2 6 0s4 2 6 0M4 15c2-2 4-2 6 0s4 2 6 0" />`,
    size,
  );

/** Water over the wall: an edit that the node has. */
export const onNodeIcon = (size = 14): TemplateResult =>
  drawing(svg`<path d="M3 8h7c5 0 4 9 9 9h2" /><path d="M11 14v6" />`, size);

export const replyIcon = (size = 18): TemplateResult =>
  drawing(svg`<path d="M10 5L4 11l6 6" /><path d="M4 11h9a7 7 0 0 1 7 7v1" />`, size);

export const smileIcon = (size = 18): TemplateResult =>
  drawing(
    svg`<circle cx="12" cy="12" r="8.5" /><path d="M8.5 14c1.8 2.4 5.2 2.4 7 0M9 9.6v.1M15 9.6v.1" />`,
    size,
  );

export const moreIcon = (size = 18): TemplateResult =>
  drawing(
    svg`<g fill="currentColor" stroke="none"><circle cx="5.5" cy="12" r="1.75" /><circle cx="12" cy="12" r="1.75" /><circle cx="18.5" cy="12" r="1.75" /></g>`,
    size,
  );

export const copyIcon = (size = 18): TemplateResult =>
  drawing(
    svg`<rect x="8" y="8" width="12" height="12" rx="2.5" /><path d="M16 8V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2" />`,
    size,
  );

export const binIcon = (size = 18): TemplateResult =>
  drawing(svg`<path d="M4 7h16M10 4h4M6 7l1 13h10l1-13M10 11v5M14 11v5" />`, size);

export const closeIcon = (size = 18): TemplateResult =>
  drawing(svg`<path d="M6 6l12 12M18 6L6 18" />`, size);

export const linkIcon = (size = 18): TemplateResult =>
  drawing(
    svg`<path d="M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12 6.3" /><path d="M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7L12 17.7" />`,
    size,
  );

export const plusIcon = (size = 18): TemplateResult =>
  drawing(svg`<path d="M12 5v14M5 12h14" />`, size);

export const ticketIcon = (size = 18): TemplateResult =>
  drawing(
    svg`<path d="M4 8a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v2a2 2 0 0 0 0 4v2a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-2a2 2 0 0 0 0-4zM14 6v12" />`,
    size,
  );

export const peopleIcon = (size = 20): TemplateResult =>
  drawing(
    svg`<circle cx="9" cy="8" r="3.5" /><path d="M3 20a6 6 0 0 1 12 0M16 5a3.5 3.5 0 0 1 0 6.5M18 14.5a6 6 0 0 1 3 5.5" />`,
    size,
  );

export const envelopeIcon = (size = 20): TemplateResult =>
  drawing(
    svg`<rect x="3.5" y="5.5" width="17" height="13" rx="2.5" /><path d="M4.5 8l7.5 5.5L19.5 8" />`,
    size,
  );

/** A box that things are put away in. */
export const archiveIcon = (size = 20): TemplateResult =>
  drawing(svg`<path d="M4 5h16v4H4zM5.5 9v10h13V9M10 13h4" />`, size);

export const infoIcon = (size = 20): TemplateResult =>
  drawing(svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 11v5M12 7.8v.1" />`, size);

export const checkIcon = (size = 22): TemplateResult =>
  drawing(svg`<path d="M5 12.5l5 5L19 7" />`, size);

export const bellIcon = (size = 20): TemplateResult =>
  drawing(svg`<path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15z" /><path d="M10 21h4" />`, size);

/** A bell that says nothing. */
export const mutedIcon = (size = 14): TemplateResult =>
  drawing(
    svg`<path d="M6 16V11a6 6 0 0 1 9-5.2M18 10v6l1.5 2h-12" /><path d="M10 21h4M4 3l16 18" />`,
    size,
  );

/** What can be taken hold of. */
export const gripIcon = (size = 18): TemplateResult =>
  drawing(svg`<path d="M5 8h14M5 12h14M5 16h14" />`, size);

/** Rooms in another order. */
export const sortIcon = (size = 18): TemplateResult =>
  drawing(svg`<path d="M8 19V5M4 9l4-4 4 4M16 5v14M12 15l4 4 4-4" />`, size);
