/** The journal of a conversation, and what was really heard according to it. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.domain.conversation;
