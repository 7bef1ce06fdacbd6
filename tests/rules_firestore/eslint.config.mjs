// Google's grammar of security rules: a rules file that it cannot read could not be deployed.
import rules from "@firebase/eslint-plugin-security-rules";

export default [
  {
    files: ["**/*.rules"],
    plugins: { "@firebase/security-rules": rules },
    languageOptions: { parser: rules.parser },
    rules: {
      "@firebase/security-rules/no-open-reads": "error",
      "@firebase/security-rules/no-open-writes": "error",
      "@firebase/security-rules/no-redundant-matches": "error",
    },
  },
];
