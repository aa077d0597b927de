/** A function that works out its answer once for each object: many rules ask the same of a service, and guides of a stack. */
export function memoize<Subject extends object, Answer>(
  workOut: (subject: Subject) => Answer,
): (subject: Subject) => Answer {
  const answers = new WeakMap<Subject, { readonly answer: Answer }>();
  return (subject) => {
    let known = answers.get(subject);
    if (known === undefined) {
      known = { answer: workOut(subject) };
      answers.set(subject, known);
    }
    return known.answer;
  };
}
