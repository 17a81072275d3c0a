//! Operators, comparisons, names, attributes and subscripts.

use rustpython_ruff_python_ast::{
    BoolOp, CmpOp, Expr, ExprBoolOp, ExprCompare, ExprIf, ExprNamed, ExprSlice, Operator, UnaryOp,
};

use super::{Line, identifier};
use crate::object::{Fault, Obj, Outcome};
use crate::runtime::api;

impl Line<'_> {
    /// The value of an expression. The parser has bounded how deep it nests.
    pub(super) fn eval(&mut self, expr: &Expr) -> Outcome<Obj> {
        match expr {
            Expr::Name(name) => self.scope.lookup(&name.id),
            Expr::NoneLiteral(_) => none(),
            Expr::BooleanLiteral(literal) => boolean(literal.value),
            Expr::EllipsisLiteral(_) => api().constant("_Py_EllipsisObject"),
            Expr::NumberLiteral(literal) => super::literal::number(&literal.value),
            Expr::StringLiteral(literal) => self.string_literal(literal),
            Expr::BytesLiteral(literal) => super::literal::bytes(literal),
            Expr::FString(literal) => self.f_string(literal),
            Expr::Tuple(tuple) => self.tuple(&tuple.elts),
            Expr::List(list) => self.list(&list.elts),
            Expr::Set(set) => self.set(&set.elts),
            Expr::Dict(dict) => self.dict(&dict.items),
            Expr::Call(call) => self.call(call),
            Expr::Attribute(attribute) => {
                let object = self.eval(&attribute.value)?;
                api().PyObject_GetAttr(&object, &identifier(&attribute.attr)?)
            }
            Expr::Subscript(subscript) => {
                let object = self.eval(&subscript.value)?;
                let key = self.eval(&subscript.slice)?;
                api().PyObject_GetItem(&object, &key)
            }
            Expr::Slice(slice) => self.slice(slice),
            Expr::UnaryOp(unary) => {
                let operand = self.eval(&unary.operand)?;
                unary_operation(unary.op, &operand)
            }
            Expr::BinOp(binary) => {
                let left = self.eval(&binary.left)?;
                let right = self.eval(&binary.right)?;
                operation(binary.op, &left, &right)
            }
            Expr::BoolOp(chain) => self.bool_op(chain),
            Expr::Compare(chain) => self.compare(chain),
            Expr::If(choice) => self.conditional(choice),
            Expr::Named(named) => self.named(named),
            other => Err(Fault::Unsupported(unsupported(other))),
        }
    }

    fn slice(&mut self, slice: &ExprSlice) -> Outcome<Obj> {
        let mut part = |bound: &Option<Box<Expr>>| bound.as_ref().map(|expr| self.eval(expr)).transpose();
        let (start, stop, step) = (part(&slice.lower)?, part(&slice.upper)?, part(&slice.step)?);
        api().PySlice_New(start.as_ref(), stop.as_ref(), step.as_ref())
    }

    fn bool_op(&mut self, chain: &ExprBoolOp) -> Outcome<Obj> {
        let stops_at = matches!(chain.op, BoolOp::Or);
        let (last, front) = chain.values.split_last().ok_or_else(empty)?;
        for expr in front {
            let value = self.eval(expr)?;
            if api().PyObject_IsTrue(&value)? == stops_at {
                return Ok(value);
            }
        }
        self.eval(last)
    }

    /// `a < b < c`: each operand once, and none after the first false answer.
    fn compare(&mut self, chain: &ExprCompare) -> Outcome<Obj> {
        let mut left = self.eval(&chain.left)?;
        let mut pairs = chain.ops.iter().zip(&chain.comparators).peekable();
        while let Some((operator, right)) = pairs.next() {
            let right = self.eval(right)?;
            let answer = comparison(*operator, &left, &right)?;
            if pairs.peek().is_none() || !api().PyObject_IsTrue(&answer)? {
                return Ok(answer);
            }
            left = right;
        }
        Err(empty())
    }

    fn conditional(&mut self, choice: &ExprIf) -> Outcome<Obj> {
        let test = self.eval(&choice.test)?;
        if api().PyObject_IsTrue(&test)? { self.eval(&choice.body) } else { self.eval(&choice.orelse) }
    }

    fn named(&mut self, named: &ExprNamed) -> Outcome<Obj> {
        let value = self.eval(&named.value)?;
        self.assign(&named.target, &value)?;
        Ok(value)
    }
}

pub(super) fn none() -> Outcome<Obj> {
    api().constant("_Py_NoneStruct")
}

fn boolean(value: bool) -> Outcome<Obj> {
    api().constant(if value { "_Py_TrueStruct" } else { "_Py_FalseStruct" })
}

fn empty() -> Fault {
    Fault::Unsupported("an operator without operands".to_owned())
}

fn unsupported(expr: &Expr) -> String {
    let what = match expr {
        Expr::Lambda(_) => "lambda",
        Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) => "comprehensions",
        Expr::Generator(_) => "generator expressions",
        Expr::Await(_) => "await",
        Expr::Yield(_) | Expr::YieldFrom(_) => "yield",
        Expr::TString(_) => "t-strings",
        Expr::Starred(_) => return "SyntaxError: can't use starred expression here".to_owned(),
        _ => "this kind of expression",
    };
    format!("deathless eval does not know {what}")
}

fn unary_operation(operator: UnaryOp, operand: &Obj) -> Outcome<Obj> {
    match operator {
        UnaryOp::Invert => api().PyNumber_Invert(operand),
        UnaryOp::UAdd => api().PyNumber_Positive(operand),
        UnaryOp::USub => api().PyNumber_Negative(operand),
        UnaryOp::Not => boolean(!api().PyObject_IsTrue(operand)?),
    }
}

fn comparison(operator: CmpOp, left: &Obj, right: &Obj) -> Outcome<Obj> {
    // The numbers are object.h's Py_LT to Py_GE.
    let rich = match operator {
        CmpOp::Lt => 0,
        CmpOp::LtE => 1,
        CmpOp::Eq => 2,
        CmpOp::NotEq => 3,
        CmpOp::Gt => 4,
        CmpOp::GtE => 5,
        CmpOp::Is => return boolean(left.is(right)),
        CmpOp::IsNot => return boolean(!left.is(right)),
        CmpOp::In => return boolean(api().PySequence_Contains(right, left)?),
        CmpOp::NotIn => return boolean(!api().PySequence_Contains(right, left)?),
    };
    api().PyObject_RichCompare(left, right, rich)
}

fn operation(operator: Operator, left: &Obj, right: &Obj) -> Outcome<Obj> {
    let api = api();
    match operator {
        Operator::Add => api.PyNumber_Add(left, right),
        Operator::Sub => api.PyNumber_Subtract(left, right),
        Operator::Mult => api.PyNumber_Multiply(left, right),
        Operator::MatMult => api.PyNumber_MatrixMultiply(left, right),
        Operator::Div => api.PyNumber_TrueDivide(left, right),
        Operator::Mod => api.PyNumber_Remainder(left, right),
        Operator::Pow => api.PyNumber_Power(left, right, &none()?),
        Operator::LShift => api.PyNumber_Lshift(left, right),
        Operator::RShift => api.PyNumber_Rshift(left, right),
        Operator::BitOr => api.PyNumber_Or(left, right),
        Operator::BitXor => api.PyNumber_Xor(left, right),
        Operator::BitAnd => api.PyNumber_And(left, right),
        Operator::FloorDiv => api.PyNumber_FloorDivide(left, right),
    }
}

pub(super) fn in_place(operator: Operator, left: &Obj, right: &Obj) -> Outcome<Obj> {
    let api = api();
    match operator {
        Operator::Add => api.PyNumber_InPlaceAdd(left, right),
        Operator::Sub => api.PyNumber_InPlaceSubtract(left, right),
        Operator::Mult => api.PyNumber_InPlaceMultiply(left, right),
        Operator::MatMult => api.PyNumber_InPlaceMatrixMultiply(left, right),
        Operator::Div => api.PyNumber_InPlaceTrueDivide(left, right),
        Operator::Mod => api.PyNumber_InPlaceRemainder(left, right),
        Operator::Pow => api.PyNumber_InPlacePower(left, right, &none()?),
        Operator::LShift => api.PyNumber_InPlaceLshift(left, right),
        Operator::RShift => api.PyNumber_InPlaceRshift(left, right),
        Operator::BitOr => api.PyNumber_InPlaceOr(left, right),
        Operator::BitXor => api.PyNumber_InPlaceXor(left, right),
        Operator::BitAnd => api.PyNumber_InPlaceAnd(left, right),
        Operator::FloorDiv => api.PyNumber_InPlaceFloorDivide(left, right),
    }
}
