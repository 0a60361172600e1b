const LONGEST = 60;

/** Left alone by JSON.stringify, and able to garble a terminal: C1 controls, line separators, direction marks. */
const INVISIBLE = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A value of the user's, in double quotes, on one line, safe to print and cut to 60 characters. */
export function quote(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return JSON.stringify(cut).replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
