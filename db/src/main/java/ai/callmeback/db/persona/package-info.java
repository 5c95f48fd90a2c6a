/** The personas a user can be called by: character, prompt, voice and lines, kept as data. */
@NullMarked
package ai.callmeback.db.persona;

import org.jspecify.annotations.NullMarked;
