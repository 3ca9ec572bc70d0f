/** Schema of the option `report`, which all rules have. */
export const reportOption = {
  description: 'Which findings are reported: only certain ones, or potential ones too.',
  type: 'string',
  enum: ['certain', 'potential'],
} as const;
