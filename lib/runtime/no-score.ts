/** A placeholder that the bundler replaces with the user's score, if there is one. */
export default undefined;
