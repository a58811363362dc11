/** Stands for the user's score when there is none; the bundler puts the user's module in its place. */
export default undefined;
