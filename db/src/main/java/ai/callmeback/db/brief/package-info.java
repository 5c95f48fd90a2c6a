/** What a voice worker needs to know before it speaks, written from what the database has. */
@NullMarked
package ai.callmeback.db.brief;

import org.jspecify.annotations.NullMarked;
