/** Something that is written down for good. Holds no pixels and no identity. */
export interface AuditEvent {
  /** Such as 'decision', 'consent.given', 'model.loaded': lower-case words, joined by points or hyphens. */
  readonly kind: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** An opaque identifier: of a decision, a consent, a model. One line. */
  readonly subject?: string;
  /** JSON. */
  readonly facts: Readonly<Record<string, unknown>>;
}
