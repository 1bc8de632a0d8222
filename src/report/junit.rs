//! What was verified of a policy as JUnit XML, which build servers show test by test.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::ReportError;
use crate::catalogue::harmless;
use crate::search::{Check, Verdict, Verified};

/// The checks as JUnit XML: a suite for the policy as a whole and for each ping, a test case for each check. What fails
/// is a `failure`, what is only noted is `skipped`. No times, so that the same policy and catalogue give the same bytes.
///
/// # Errors
/// [`ReportError::Xml`] where the XML can't be built.
pub fn junit(verified: &Verified) -> Result<String, ReportError> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut writer, verified).map_err(ReportError::Xml)?;
    let text = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    Ok(text + "\n")
}

fn write(writer: &mut Writer<Vec<u8>>, verified: &Verified) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let name = format!("coarsen verify {} {}", verified.policy.name, verified.policy.version);
    let all: Vec<&Check> = verified.checks.iter().collect();
    let mut suites: Vec<(Option<&str>, Vec<&Check>)> = Vec::new();
    for check in &verified.checks {
        let ping = check.ping.as_deref();
        match suites.iter_mut().find(|(of, _)| *of == ping) {
            Some((_, checks)) => checks.push(check),
            None => suites.push((ping, vec![check])),
        }
    }
    let counted = counts(&name, &all);
    writer.create_element("testsuites").with_attributes(pairs(&counted)).write_inner_content(|writer| {
        for (ping, checks) in &suites {
            let name = ping.map_or("policy".to_owned(), |ping| format!("ping {ping}"));
            let counted = counts(&name, checks);
            writer.create_element("testsuite").with_attributes(pairs(&counted)).write_inner_content(
                |writer| checks.iter().try_for_each(|check| case(writer, &name, check)),
            )?;
        }
        Ok(())
    })?;
    Ok(())
}

/// The attributes of a suite.
fn counts(name: &str, checks: &[&Check]) -> [(&'static str, String); 5] {
    let of = |verdict| checks.iter().filter(|check| check.verdict == verdict).count().to_string();
    [
        ("name", legal(name)),
        ("tests", checks.len().to_string()),
        ("failures", of(Verdict::Fails)),
        ("errors", "0".to_owned()),
        ("skipped", of(Verdict::Noted)),
    ]
}

fn pairs<'a>(attributes: &'a [(&'static str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    attributes.iter().map(|(name, value)| (*name, value.as_str()))
}

fn case(writer: &mut Writer<Vec<u8>>, suite: &str, check: &Check) -> std::io::Result<()> {
    let attributes = [("classname", legal(suite)), ("name", legal(&check.name))];
    let says = legal(&check.says);
    writer.create_element("testcase").with_attributes(pairs(&attributes)).write_inner_content(|writer| {
        match check.verdict {
            Verdict::Holds => {
                writer.create_element("system-out").write_text_content(BytesText::new(&says))?;
            }
            Verdict::Fails => {
                let failure = writer.create_element("failure").with_attribute(("message", says.as_str()));
                failure.write_text_content(BytesText::new(&says))?;
            }
            Verdict::Noted => {
                writer.create_element("skipped").with_attribute(("message", says.as_str())).write_empty()?;
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// Text without what XML 1.0 can't hold, however it is escaped.
fn legal(text: &str) -> String {
    harmless(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
