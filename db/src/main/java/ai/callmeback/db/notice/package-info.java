/** E-mails owed to finance. */
@NullMarked
package ai.callmeback.db.notice;

import org.jspecify.annotations.NullMarked;
